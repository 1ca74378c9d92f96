/** `pnpm latchkey export <file>` and `pnpm latchkey import <file>`: everything that is stored, sealed as it is. */
import { isFault, SettingError } from '@latchkey/core'
import { move } from './archive.ts'
import { print, printError } from './main.ts'

try {
  print(await move(Deno.args, Deno.env.toObject(), printError))
} catch (error) {
  if (!isFault(error) && !(error instanceof SettingError)) throw error
  printError(error.message)
  Deno.exit(1)
}
