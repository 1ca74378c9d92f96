import { expect, test } from 'vitest'
import { shownText } from './shown-text.ts'

// PKCS#8 of Ed25519 (RFC 8410 §10.3), which is short enough to be pasted anywhere.
const KEY = 'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC'

test.each([
  ['a key in armour', `-----BEGIN PRIVATE KEY-----\n${KEY}\n-----END PRIVATE KEY-----`],
  ['a key alone', KEY],
  ['a key among words', `shop ${KEY} (old)`],
])('shownText() refuses %s', (_name, text) => {
  const { error } = shownText(200).safeParse(text)
  expect(error?.issues.map(({ message }) => message)).toContain('Must not hold a private key')
})

test.each(['a\nb', 'a\u0000', 'a\u009b', 'a\u2028b', 'a\ud800'])(
  'shownText() refuses %j',
  (text) => {
    expect(shownText(200).safeParse(text).success).toBe(false)
  },
)

test.each([
  'Rotates the private key weekly',
  'Müller & Söhne 🇩🇪 👩‍💻 محل',
  'Northern Widgets Private Limited',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
])('shownText() takes "%s"', (text) => {
  expect(shownText(200).parse(text)).toBe(text)
})
