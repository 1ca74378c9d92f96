import { describe } from 'vitest'
import type { Provider } from '@latchkey/core'
import type { ProviderFixtures } from './shared/fixture.ts'
import { testAnswers } from './suite/answers.ts'
import { testCertificates } from './suite/certificates.ts'
import { testDescription } from './suite/description.ts'
import { testGarbage } from './suite/garbage.ts'
import { testRequests } from './suite/requests.ts'

/** What every provider has to keep, whatever its upstream; a provider's own test calls it with its fixtures. */
export function testProvider(provider: Provider, fixtures: ProviderFixtures): void {
  describe(`provider ${provider.id}`, () => {
    testDescription(provider, fixtures)
    testCertificates(provider, fixtures)
    testRequests(provider, fixtures)
    testAnswers(provider, fixtures)
    testGarbage(provider, fixtures)
  })
}
