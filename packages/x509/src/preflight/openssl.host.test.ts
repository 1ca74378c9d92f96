import { DAY, HOUR } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CA_EXTENSIONS, openOpenssl, SERVER_EXTENSIONS } from '../testing/openssl.ts'
import { type BundleRequest, inspectBundle } from './inspect.ts'

const { root, issue, run, read, remove } = openOpenssl()
afterAll(remove)

beforeAll(() => {
  root('root')
  root('self', '-addext subjectAltName=DNS:example.com')
  issue('upper', 'root', CA_EXTENSIONS)
  issue('lower', 'upper', CA_EXTENSIONS)
  issue('leaf', 'lower', SERVER_EXTENSIONS)
  issue('short', 'lower', SERVER_EXTENSIONS, { days: 3 })
  issue('stray', 'root', SERVER_EXTENSIONS)
  issue('weak', 'lower', SERVER_EXTENSIONS, { keys: '-newkey rsa:1024 -nodes' })
  run('pkcs8 -topk8 -in leaf.key -passout pass:secret -out locked.key')
})

/** When all that is minted here is valid, whatever the clocks say in between. */
const AT = Date.now() + HOUR
const inspect = (names: string, more: Partial<BundleRequest> = {}) =>
  inspectBundle({
    pem: names
      .split(' ')
      .map((name) => read(name))
      .join(''),
    purpose: 'server',
    roots: read('root.pem'),
    at: AT,
    ...more,
  })
const codes = ({ findings }: { findings: readonly { code: string; severity: string }[] }) =>
  findings.map(({ code, severity }) => `${severity} ${code}`)

describe('inspectBundle() of a server', () => {
  test.each<[string, string, string, readonly string[], Partial<BundleRequest>?]>([
    ['in order', 'leaf.key leaf.pem lower.pem upper.pem', 'pass', []],
    ['out of order', 'upper.pem leaf.pem leaf.key lower.pem', 'pass', ['repaired reordered']],
    [
      'twice the same',
      'leaf.key leaf.pem leaf.pem lower.pem upper.pem',
      'pass',
      ['repaired duplicate_dropped'],
    ],
    [
      'with its root',
      'leaf.key leaf.pem lower.pem upper.pem root.pem',
      'pass',
      ['repaired root_dropped'],
    ],
    [
      'with a stranger',
      'leaf.key leaf.pem lower.pem upper.pem stray.pem',
      'warn',
      ['warning unrelated_dropped'],
    ],
    ['without key', 'leaf.pem lower.pem upper.pem', 'fail', ['error private_key_missing']],
    [
      'with another key',
      'root.key leaf.pem lower.pem upper.pem',
      'fail',
      ['error private_key_mismatch'],
    ],
    [
      'with one key more',
      'root.key leaf.key leaf.pem lower.pem upper.pem',
      'warn',
      ['warning private_key_unrelated'],
    ],
    ['locked', 'locked.key leaf.pem lower.pem upper.pem', 'fail', ['error private_key_unreadable']],
    ['unlocked', 'locked.key leaf.pem lower.pem upper.pem', 'pass', [], { passphrase: 'secret' }],
    ['with a gap', 'leaf.key leaf.pem lower.pem', 'fail', ['error trust_anchor_unknown']],
    [
      'alone',
      'leaf.key leaf.pem',
      'fail',
      ['error intermediate_missing', 'error trust_anchor_unknown'],
      { rules: { needsIntermediate: true } },
    ],
    ['soon over', 'short.key short.pem lower.pem upper.pem', 'warn', ['warning expires_soon']],
    [
      'over',
      'short.key short.pem lower.pem upper.pem',
      'fail',
      ['error expired'],
      { at: AT + 4 * DAY },
    ],
    ['with a weak key', 'weak.key weak.pem lower.pem upper.pem', 'fail', ['error key_too_weak']],
    [
      'of another host',
      'leaf.key leaf.pem lower.pem upper.pem',
      'fail',
      ['error hostname_mismatch'],
      { hostname: 'example.org' },
    ],
  ])('%s', async (_, names, verdict, expected, more) => {
    const inspection = await inspect(names, more)
    expect(codes(inspection)).toEqual(expected)
    expect(inspection.verdict).toBe(verdict)
  })

  test('only warns of a certificate that signs itself', async () => {
    const inspection = await inspect('self.key self.pem', { roots: read('self.pem') })
    expect(inspection.verdict).toBe('warn')
    expect(codes(inspection)).toContain('warning self_signed_leaf')
  })

  test('only warns of an anchor that nobody can know', async () => {
    const request = {
      pem: read('leaf.pem') + read('lower.pem'),
      purpose: 'server',
      privateKey: read('leaf.key'),
      at: AT,
    } as const
    expect(codes(await inspectBundle(request))).toEqual(['warning trust_anchor_unknown'])
  })
})

describe('inspectBundle() of authorities', () => {
  test.each<[string, string, string]>([
    ['root.pem', 'pass', ''],
    ['root.pem upper.pem', 'pass', ''],
    ['upper.pem', 'warn', 'warning chain_incomplete'],
    ['leaf.pem', 'fail', 'error not_a_ca'],
    ['root.pem root.key', 'fail', 'error private_key_forbidden'],
  ])('takes %s with the verdict %s', async (names, verdict, code) => {
    const inspection = await inspect(names, { purpose: 'trusted-ca' })
    expect(inspection.verdict).toBe(verdict)
    expect(['', ...codes(inspection)]).toContain(code)
    expect(inspection.normalizedPem).not.toContain('PRIVATE')
  })
})
