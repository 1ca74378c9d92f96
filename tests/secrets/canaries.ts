/** Secrets to look for, by what they are. */
export type Canaries = ReadonlyMap<string, string>

/**
 * A finder of these secrets, each as it is and in base64, base64url, hex, percent-encoding and JSON's escapes, also
 * as a part of a longer text in base64.
 * @returns a finder that tells what it found in which spelling, or null
 */
export function canaryFinder(canaries: Canaries): (output: string | Uint8Array) => string | null {
  const wanted = [...canaries].flatMap(([what, secret]) =>
    [...new Set(canarySpellings(secret))].map((text) => ({ what, text })),
  )
  return (output) => {
    const text = typeof output === 'string' ? output : Buffer.from(output).toString('latin1')
    const found = wanted.find((each) => text.includes(each.text))
    return found === undefined ? null : `${found.what} as ${found.text.slice(0, 8)}…`
  }
}

export function canarySpellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes])
    return [padded.toString('base64'), padded.toString('base64url')].map((text) =>
      // What stands before and after decides the outermost characters.
      text.slice(before === 0 ? 0 : before + 1, Math.floor((padded.length * 8) / 6)),
    )
  })
  const json = JSON.stringify(secret).slice(1, -1)
  return [secret, encodeURIComponent(secret), json, hex, hex.toUpperCase(), ...inBase64]
}
