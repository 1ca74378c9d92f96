import type { MacFile } from './file.ts'
import { attempt, isSame, type Probe } from './probe.ts'

/** Shortened tags are compared with as much of the whole one. */
export function macProbes({ algorithm, testGroups }: MacFile): readonly Probe[] {
  const hash = algorithm.replace('HMACSHA', 'SHA-')
  return testGroups.flatMap(({ tagSize, tests }) =>
    tests.map(({ tcId, comment, result, key, msg, tag }) => ({
      id: tcId,
      comment,
      expected: result,
      run: () =>
        attempt(async () => {
          const { subtle } = crypto
          const imported = await subtle.importKey('raw', key, { name: 'HMAC', hash }, false, [
            'sign',
          ])
          const whole = new Uint8Array(await subtle.sign('HMAC', imported, msg))
          return isSame(whole.subarray(0, tagSize / 8), tag)
        }),
    })),
  )
}
