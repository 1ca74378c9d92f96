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

export function printError(text: string): void {
  Deno.stderr.writeSync(encoder.encode(`${text}\n`))
}
