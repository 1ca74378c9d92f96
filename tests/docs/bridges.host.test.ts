import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  CERTIFICATE_DIALECTS,
  certificateSpeech,
  isDone,
} from '../api/harness/certificate-dialects.ts'
import { mintChain, mintTrusted } from '../api/harness/certificates.ts'
import { call, connectionTo, make, UPSTREAM_NUMBERS } from '../api/harness/client.ts'
import { type HostHarness, openHostHarness } from '../api/harness/host.ts'
import { askKey, KEY_DIALECTS, sendKey } from '../api/harness/key-dialects.ts'
import { freshKey } from '../api/harness/keys.ts'
import { makeToken } from '../api/harness/tokens.ts'

const README = new URL('../../README.md', import.meta.url)
const [BEGIN, END] = ['<!-- bridges -->', '<!-- /bridges -->']

const PROVIDERS = ['graph', 'onprem', 'kaleyra', 'pbx'] as const
type ProviderId = (typeof PROVIDERS)[number]

const isOneOf = <Id extends string>(ids: readonly Id[], id: string): id is Id =>
  ids.some((each) => each === id)

/** Somebody's own dialect, a provider it is spoken to, and the connection between. */
interface Bridge {
  readonly dialect: ProviderId
  readonly provider: ProviderId
  readonly at: string
}

/** Whether a key gets over the bridge, and back. */
async function carriesKeys(
  api: HostHarness,
  { dialect, provider, at }: Bridge,
  pem: string,
): Promise<boolean> {
  if (!isOneOf(KEY_DIALECTS, dialect)) return false
  const number = provider === 'pbx' ? UPSTREAM_NUMBERS.graph : UPSTREAM_NUMBERS[provider]
  // On-Premises paths name no number: where there may be several, one has to be known.
  if (provider !== 'pbx') await make(api, '/v1/numbers', { connectionId: at, upstreamId: number })
  const sent = await sendKey(api, dialect, { at, number }, pem)
  const read = await askKey(api, dialect, { at, number })
  return sent.status === 200 && read.status === 200
}

/** Which certificates get over the bridge. */
async function carriedCertificates(
  api: HostHarness,
  { dialect, at }: Bridge,
  { trusted, server }: { readonly trusted: string; readonly server: string },
): Promise<readonly string[]> {
  if (!isOneOf(CERTIFICATE_DIALECTS, dialect)) return []
  const scopes = ['certificates:read', 'certificates:write'] as const
  const { token } = await makeToken(api, scopes, { connections: [at] })
  const speech = certificateSpeech(api, dialect, { at, token })
  const added = await speech.add('trusted', trusted)
  const read = await speech.read()
  const removed = await speech.remove()
  const isKept = [added, read, removed].every((sent) => isDone(dialect, sent))
  const isServed = isDone(dialect, await speech.add('server', server))
  return [...(isKept ? ['trusted authorities'] : []), ...(isServed ? ['server certificates'] : [])]
}

let api: HostHarness
beforeAll(async () => {
  api = await openHostHarness()
})
afterAll(() => api.close())

/** The table, found out by having every dialect do at every provider what it can ask for. */
async function bridgesTable(): Promise<string> {
  const { pem } = await freshKey()
  const files = { trusted: (await mintTrusted()).pem, server: (await mintChain()).bundle }
  const rows = [['spoken ↓ · connected to →', ...PROVIDERS.map((id) => `\`${id}\``)]]
  for (const dialect of PROVIDERS) {
    const row = [`\`${dialect}\``]
    for (const provider of PROVIDERS) {
      const at = await make(api, '/v1/connections', connectionTo(api, provider))
      const bridge = { dialect, provider, at }
      const keys = (await carriesKeys(api, bridge, pem)) ? ['keys'] : []
      const carried = [...keys, ...(await carriedCertificates(api, bridge, files))]
      row.push(carried.length === 0 ? '–' : carried.join(', '))
      await call(api, 'DELETE', `/v1/connections/${at}?cascade=true`)
    }
    rows.push(row)
  }
  return tableOf(rows)
}

/** As the formatter writes tables: each column as wide as its widest cell. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_cell, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  )
  const lineOf = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const rule = lineOf(widths.map((width) => '-'.repeat(width)))
  return [lineOf(head), rule, ...rows.map(lineOf)].join('\n')
}

test('README tells what each dialect carries over to each provider', async () => {
  const readme = await readFile(README, 'utf8')
  const [, rest = ''] = readme.split(BEGIN)
  const [told = ''] = rest.split(END)
  expect(told.trim()).toBe(await bridgesTable())
})
