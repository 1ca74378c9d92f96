import { readFileSync } from 'node:fs'

/** What stands between two fences on a page, with the language that the first one names. */
export interface Block {
  readonly language: string
  readonly text: string
}

export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', block = '']) => ({
      language,
      text: block,
    }),
  )
}

/** The one block of a language. */
export function onlyBlock(page: string, language: string): string {
  const found = blocksOf(page).filter((block) => block.language === language)
  const [block] = found
  if (block === undefined || found.length > 1) {
    throw new Error(`Cannot read ${page}: it has ${found.length} blocks of ${language}`)
  }
  return block.text
}

/** The lines of commands below a mark, such as `# needs an account`; null: of the blocks that have none. */
export function commandsOf(page: string, mark: string | null): readonly string[] {
  return blocksOf(page)
    .filter(({ language }) => language === 'sh')
    .filter(({ text }) => (/^# .*/.exec(text)?.[0] ?? null) === mark)
    .flatMap(({ text }) => (mark === null ? [text] : text.trim().split('\n').slice(1)))
}
