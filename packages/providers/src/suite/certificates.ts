import type { CertificateKind, OperationName, Provider } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import type { ProviderFixtures } from '../shared/fixture.ts'
import { bind, SESSION } from './bind.ts'

/** What a kind can do, and the operation that does it. */
const ABILITIES: readonly (readonly [OperationName, (kind: CertificateKind) => boolean])[] = [
  ['certificate.list', ({ isListed }) => isListed],
  ['certificate.upload', ({ upload }) => upload !== null],
  ['certificate.apply', ({ canApply }) => canApply],
  ['certificate.remove', ({ canRemove }) => canRemove],
  ['certificate.activate', ({ canActivate }) => canActivate],
  ['certificate.update', ({ canRenew }) => canRenew],
]

/** What a provider says of its certificates is what its operations do. */
export function testCertificates(provider: Provider, fixtures: ProviderFixtures): void {
  const { certificates, operations } = bind(provider, fixtures)
  const kinds = certificates?.kinds ?? []

  describe('certificates', () => {
    test('are offered exactly where operations are', () => {
      const offered = provider.operationNames.some((name) => name.startsWith('certificate.'))
      expect(certificates !== undefined).toBe(offered)
      for (const [name, can] of ABILITIES) {
        expect(name in operations, name).toBe(kinds.some(can))
      }
      const purposes = kinds.map(({ purpose }) => purpose)
      expect(new Set(purposes).size).toBe(purposes.length)
    })

    for (const kind of kinds) {
      test(`of purpose ${kind.purpose} are listed, taken and removed exactly where it says so`, async () => {
        const { purpose } = kind
        const { isListed, upload, canRemove } = kind
        const list = operations['certificate.list']
        expect(await isAsked(() => list?.request({ purpose, cursor: null }, SESSION))).toBe(
          isListed,
        )
        const file = { purpose, pem: 'PEM', staged: 'file.pem', autoRenewal: null }
        const take = operations['certificate.upload']
        expect(await isAsked(() => take?.request(file, SESSION))).toBe(upload !== null)
        const remove = operations['certificate.remove']
        expect(await isAsked(() => remove?.request({ purpose, upstreamId: '1' }, SESSION))).toBe(
          canRemove,
        )
      })
    }
  })
}

/** Whether there is a request; a kind without it is refused by the code of operations that there are not. */
async function isAsked(request: () => unknown): Promise<boolean> {
  try {
    return (await request()) !== undefined
  } catch (error) {
    expect(error).toMatchObject({ code: 'unsupported_operation' })
    return false
  }
}
