import { openWorkerdHarness } from './harness/workerd.ts'
import { apiSuites } from './suites/all.ts'

apiSuites(openWorkerdHarness)
