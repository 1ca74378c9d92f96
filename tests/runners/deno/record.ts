/**
 * Leaves a trail of every test for `run.ts`: Deno's own reports name neither the test file (all tests are registered
 * by the shim) nor a file that fails to load.
 */
export type TrailLine =
  | { readonly module: string }
  | { readonly declared: number; readonly name: string; readonly skipped: boolean }
  | { readonly ended: number; readonly error?: string }

/** Set by `run.ts`; a `deno test` by hand leaves no trail. */
export const TRAIL_FOLDER = 'TEST_TRAIL'

const folder = Deno.env.get(TRAIL_FOLDER)
const trail = folder === undefined ? undefined : `${folder}/${crypto.randomUUID()}.ndjson`

// Appended at once, so that what was known before a crash is there after it.
function write(line: TrailLine): void {
  if (trail !== undefined)
    Deno.writeTextFileSync(trail, `${JSON.stringify(line)}\n`, { append: true })
}

let count = 0

write({ module: Deno.mainModule })

export function declared(name: string, skipped: boolean): number {
  count += 1
  write({ declared: count, name, skipped })
  return count
}

export function ended(test: number, error?: unknown): void {
  if (error === undefined) return write({ ended: test })
  const text = error instanceof Error ? (error.stack ?? error.message) : Deno.inspect(error)
  write({ ended: test, error: text })
}
