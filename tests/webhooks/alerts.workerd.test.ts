import { openWorkerdHarness } from '../api/harness/workerd.ts'
import { alertsSuite } from './alerts.ts'

// Many objects at work inside a test runner take their time.
alertsSuite(openWorkerdHarness, 8)
