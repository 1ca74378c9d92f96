import { openWorkerdHarness } from '../api/harness/workerd.ts'
import { alertsSuite } from './alerts.ts'

alertsSuite(openWorkerdHarness)
