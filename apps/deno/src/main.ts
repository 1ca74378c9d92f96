import { SettingError } from '@latchkey/core'

/** Runs a program's main function: a wrong setting ends it with one line, a signal in order. */
export async function main(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  try {
    const running = await start()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      Deno.addSignalListener(signal, () => {
        void running.stop().then(() => Deno.exit(0))
      })
    }
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    printError(`Cannot start: ${error.message}`)
    Deno.exit(1)
  }
}

const encoder = new TextEncoder()

export function print(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`))
}

/** A line of the log. Where it cannot be written, nobody is left to be told, and what was logged has happened all the same. */
export function printLog(text: string): void {
  try {
    print(text)
  } catch {
    // A reader that has gone, or a full disk.
  }
}

export function printError(text: string): void {
  Deno.stderr.writeSync(encoder.encode(`${text}\n`))
}
