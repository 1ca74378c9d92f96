import { openHostHarness } from '../api/harness/host.ts'
import { alertsSuite } from './alerts.ts'

alertsSuite(openHostHarness)
