/**
 * `pnpm vectors <suite> <file>`: runs a file of outside test vectors and tells how many were judged as it expects.
 * The files are nobody's on this project and are read where they lie.
 */
import { readFileSync } from 'node:fs'
import { readLimbo } from './limbo/cases.ts'
import { lineOf, scoreLimbo, summaryOf } from './limbo/score.ts'
import { readWycheproof } from './wycheproof/file.ts'
import { scoreWycheproof, summaryOf as wycheproofSummary } from './wycheproof/score.ts'

const USAGE = 'Usage: pnpm vectors <limbo | wycheproof> <file>'

async function limbo(text: string): Promise<readonly string[]> {
  const score = await scoreLimbo(readLimbo(text), Date.now())
  return [...score.wrong.map(lineOf), summaryOf(score)]
}

async function wycheproof(text: string): Promise<readonly string[]> {
  const score = await scoreWycheproof(readWycheproof(text))
  const wrong = score.wrong.map((line) => `wrong: ${line}`)
  const unsupported = score.unsupported.map((line) => `unsupported by this runtime: ${line}`)
  return [...wrong, ...unsupported, wycheproofSummary(score)]
}

const SUITES = new Map([
  ['limbo', limbo],
  ['wycheproof', wycheproof],
])

async function main([suite = '', file]: readonly string[]): Promise<void> {
  const run = SUITES.get(suite)
  if (run === undefined || file === undefined) {
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 2
    return
  }
  const lines = await run(readFileSync(file, 'utf8'))
  process.stdout.write(`${lines.join('\n')}\n`)
}

await main(process.argv.slice(2))
