import { HOUR } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CA_EXTENSIONS, openOpenssl, SERVER_EXTENSIONS } from '../testing/openssl.ts'
import { inspectBundle } from './inspect.ts'

const { root, issue, spawn, run, read, write, remove } = openOpenssl()
afterAll(remove)

beforeAll(() => {
  root('root', '')
  issue('upper', 'root', CA_EXTENSIONS)
  issue('lower', 'upper', CA_EXTENSIONS)
  issue('leaf', 'lower', SERVER_EXTENSIONS)
  issue('stray', 'root', SERVER_EXTENSIONS)
})

/** Mulberry32: the same bundles on every run. */
function randomFrom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (limit: number) => Math.floor(next() * limit),
    chance: (of: number) => next() < of,
  }
}
type Random = ReturnType<typeof randomFrom>

/** What editors, mailers and environment files do to a text; none of it loses anything. */
const HARMLESS: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\uFEFF${text}`,
  (text) => text.replaceAll('\n', '\\n'),
  (text) => `subject=CN = example\n${text}\nthat is all\n`,
  (text) => text.replaceAll(/^/gm, '    '),
  (text) => `"${text}"`,
  (text) => text.replaceAll('\n', '\n\n'),
]

function shuffle<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, at: random.below(2 ** 30) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

function damage(text: string, random: Random): string {
  const at = random.below(text.length)
  return random.chance(0.5) ? text.slice(0, at) : `${text.slice(0, at)}A${text.slice(at + 1)}`
}

interface Mangled {
  readonly pem: string
  /** Whether everything that is needed is still there. */
  readonly isWhole: boolean
}

function mangle(random: Random): Mangled {
  const names = ['leaf.key', 'leaf.pem', 'lower.pem', 'upper.pem']
  const lost = random.chance(0.2) ? names.splice(random.below(names.length), 1) : []
  const extra = ['root.pem', 'stray.pem', 'leaf.pem', 'upper.pem', 'stray.key', 'leaf.key']
  const added = shuffle(extra, random).slice(0, random.below(3))
  const all = random.chance(0.8) ? shuffle([...names, ...added], random) : [...names, ...added]
  const joined = all.map((name) => read(name)).join('')
  const isDamaged = random.chance(0.2)
  const text = isDamaged ? damage(joined, random) : joined
  const pem = shuffle(HARMLESS, random)
    .slice(0, random.below(3))
    .reduce((mangled, step) => step(mangled), text)
  return { pem, isWhole: !isDamaged && lost.every((name) => all.includes(name)) }
}

const blocksOf = (pem: string) => pem.match(/-----BEGIN[^]+?-----END [A-Z ]+-----\n/g) ?? []

/** Whether OpenSSL takes it as it stands: the key first, then its leaf, then each issuer. */
function opensslTakes(pem: string): boolean {
  const [key = '', leaf = '', ...issuers] = blocksOf(pem)
  write('sent.key', key)
  write('sent.pem', leaf)
  write('issuers.pem', issuers.join(''))
  const pair = [run('pkey -in sent.key -pubout'), run('x509 -in sent.pem -noout -pubkey')]
  const verified = spawn('verify -CAfile root.pem -untrusted issuers.pem sent.pem').status === 0
  return pair[0] === pair[1] && verified
}

/** The same bundle is what most of them become. */
const known = new Map<string, boolean>()

describe('inspectBundle() of mangled bundles', () => {
  test.each([1, 2, 3, 4])(
    'mends or refuses a hundred, and OpenSSL agrees (seed %i)',
    async (seed) => {
      const random = randomFrom(seed)
      for (let count = 0; count < 100; count++) {
        const { pem, isWhole } = mangle(random)
        const { verdict, findings, normalizedPem } = await inspectBundle({
          pem,
          purpose: 'server',
          rules: { needsIntermediate: true },
          roots: read('root.pem'),
          at: Date.now() + HOUR,
        })
        if (verdict === 'fail') {
          expect([isWhole, pem, findings]).toEqual([false, pem, findings])
          expect(findings.some(({ severity }) => severity === 'error')).toBe(true)
          continue
        }
        const sent = normalizedPem ?? ''
        known.set(sent, known.get(sent) ?? opensslTakes(sent))
        expect([known.get(sent), pem]).toEqual([true, pem])
        // OpenSSL would take the issuers in any order, many servers would not. A root whose issuer's name was damaged
        // may follow: it looks like one that somebody else signed as well.
        expect(blocksOf(sent).slice(2, 4)).toEqual([read('lower.pem'), read('upper.pem')])
      }
    },
  )
})
