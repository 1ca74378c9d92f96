import { SECOND } from './instant.ts'
import { SettingError } from './setting-error.ts'

/** How often a deployment does what it does by itself. */
export interface Intervals {
  /** Between two reads of a number that nobody asks for. */
  readonly sweepMs: number
  /** From a key's last use to the destruction of its private half. */
  readonly destroyAfterMs: number
}

const SWEEP_SECONDS = 21_600
const DESTROY_AFTER_SECONDS = 2_592_000
/** More often, and reading would be all that there is time for. */
const SWEEP_SECONDS_MIN = 60
/** An overlap is at least as long (an upstream may serve a key that was replaced for a while). */
const DESTROY_AFTER_SECONDS_MIN = 300

type Environment = Readonly<Record<string, string | undefined>>

/** @throws SettingError */
export function intervalsOf(env: Environment): Intervals {
  return {
    sweepMs: secondsOf(env, 'LATCHKEY_SWEEP_SECONDS', {
      preset: SWEEP_SECONDS,
      least: SWEEP_SECONDS_MIN,
    }),
    destroyAfterMs: secondsOf(env, 'LATCHKEY_DESTROY_AFTER_SECONDS', {
      preset: DESTROY_AFTER_SECONDS,
      least: DESTROY_AFTER_SECONDS_MIN,
    }),
  }
}

function secondsOf(
  env: Environment,
  name: string,
  { preset, least }: { readonly preset: number; readonly least: number },
): number {
  const text = env[name] ?? ''
  if (text === '') return preset * SECOND
  const seconds = Number(text)
  if (!Number.isSafeInteger(seconds) || seconds < least) {
    throw new SettingError(name, `must be a whole number of seconds, at least ${least}`)
  }
  return seconds * SECOND
}
