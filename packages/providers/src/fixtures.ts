export { graphFixtures } from './graph/fixtures.ts'
export { KALEYRA_CODES, type KaleyraCode } from './kaleyra/codes.ts'
export { kaleyraFixtures } from './kaleyra/fixtures.ts'
export { ONPREM_CODES, type OnpremCode } from './onprem/codes.ts'
export { onpremFixtures } from './onprem/fixtures.ts'
export { pbxFixtures } from './pbx/fixtures.ts'
export { META_CODES, type MetaCode } from './shared/meta-codes.ts'
export type * from './shared/fixture.ts'
export { FIXTURE_KEY, FIXTURE_PEM } from './shared/fixture-key.ts'
export {
  FIXTURE_CA,
  FIXTURE_CERTIFICATE,
  FIXTURE_INTERMEDIATE,
  FIXTURE_PRIVATE_KEY,
} from './shared/fixture-certificate.ts'
