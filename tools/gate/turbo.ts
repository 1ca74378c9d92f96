import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What became of one task in one package; `exitCode` is null where it did not end by itself. */
export interface TaskOutcome {
  readonly task: string
  readonly package: string
  readonly exitCode: number | null
}

/** No tool asks, tells or looks for a newer one of itself. */
const QUIET = {
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  WRANGLER_SEND_METRICS: 'false',
  // Wrangler's banner asks the registry for its newest version.
  WRANGLER_HIDE_BANNER: 'true',
  // It would ask Cloudflare where this machine is.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  DENO_NO_UPDATE_CHECK: '1',
}

const SUMMARIES = '.turbo/runs'

export interface TurboOptions {
  /** How many tasks at once. */
  readonly concurrency: number
  readonly timeoutMs: number
}

/**
 * Runs tasks to their end, whatever fails, with their output as it comes; what turbo leaves unsaid (it crashed, was
 * killed, does not start) is missing from the outcomes.
 */
export async function runTurbo(
  root: string,
  tasks: readonly string[],
  { concurrency, timeoutMs }: TurboOptions,
): Promise<readonly TaskOutcome[]> {
  rmSync(join(root, SUMMARIES), { recursive: true, force: true })
  const flags = ['--continue=always', '--summarize', `--concurrency=${concurrency}`]
  // Output of tasks that run one after the other needs no prefix.
  const style = concurrency === 1 ? ['--log-prefix=none'] : []
  // turbo asks its tasks for colours otherwise, even for a file.
  if (process.env['NO_COLOR'] !== undefined || !process.stdout.isTTY) style.push('--no-color')
  const turbo = spawn('turbo', ['run', ...tasks, ...flags, ...style], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...QUIET },
    timeout: timeoutMs,
  })
  await once(turbo, 'close').catch((error: unknown) => console.error('Cannot run turbo:', error))
  const summaries = globSync(`${SUMMARIES}/*.json`, { cwd: root })
  try {
    return summaries.flatMap((path) => parseSummary(readFileSync(join(root, path), 'utf8')))
  } catch (error) {
    console.error(error)
    return []
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** Reads what `turbo run --summarize` writes. A task that did not run has no `execution`, or one without exit code. */
export function parseSummary(text: string): readonly TaskOutcome[] {
  const summary: unknown = JSON.parse(text)
  const tasks: unknown = isRecord(summary) ? summary['tasks'] : undefined
  if (!Array.isArray(tasks)) throw new Error('Cannot read summary of turbo: it lists no tasks')
  return tasks.filter(isRecord).map(({ task, package: name, execution }) => {
    const exitCode = isRecord(execution) ? execution['exitCode'] : undefined
    return {
      task: String(task),
      package: String(name),
      exitCode: typeof exitCode === 'number' ? exitCode : null,
    }
  })
}
