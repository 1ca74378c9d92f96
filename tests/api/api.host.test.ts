import { openHostHarness } from './harness/host.ts'
import { apiSuites } from './suites/all.ts'

apiSuites(openHostHarness)
