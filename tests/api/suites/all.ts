import type { OpenApi } from '../harness/harness.ts'
import { publishSuite } from './publish.ts'

/** Every suite of the API, for the runner of one runtime. */
export function apiSuites(open: OpenApi): void {
  publishSuite(open)
}
