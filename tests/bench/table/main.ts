import { readFile, writeFile } from 'node:fs/promises'
import { circumstances } from './circumstances.ts'
import { renderResults } from './results.ts'
import type { Bench } from './row.ts'
import { parseWish, runBenches } from './run.ts'

/** The command: runs what is named, or all, and writes down the results; with `--check` it judges them instead. */
export async function main(
  benches: Readonly<Record<string, Bench>>,
  file: URL,
  words: readonly string[],
): Promise<void> {
  const known = Object.keys(benches)
  process.exitCode = await runBenches(benches, parseWish(words, known), {
    say: (line) => void process.stdout.write(`${line}\n`),
    async keep(name, rows) {
      const before = await readFile(file, 'utf8').catch(() => '')
      await writeFile(file, renderResults(before, known, new Map([[name, rows]]), circumstances()))
    },
  })
}
