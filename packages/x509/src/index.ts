export { type Finding, type FindingCode, FINDINGS, type Severity } from './findings.ts'
export { type PathRequest, type PathResult, validatePath } from './path/validate.ts'
export type { Encoded } from './read/pem.ts'
export type { Profile, Purpose, Role, Rules } from './rules.ts'
