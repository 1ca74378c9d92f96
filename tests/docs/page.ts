import { readFileSync } from 'node:fs'

/** Stands on a page for what differs from one run to the next. */
const ELISION = '…'

/** Commands of a page, and what it says that they print. */
export interface Step {
  readonly commands: string
  readonly printed: Printed | null
}

export interface Printed {
  readonly language: 'json' | 'text'
  readonly text: string
}

/** The blocks of commands on a page of `docs`, each with the output that stands below it. */
export function stepsOf(page: string): readonly Step[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const steps: Step[] = []
  for (const [, language = '', block = ''] of text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    const last = steps.at(-1)
    if (language === 'sh') steps.push({ commands: block, printed: null })
    else if (last?.printed === null && (language === 'json' || language === 'text')) {
      steps.splice(-1, 1, { ...last, printed: { language, text: block } })
    } else throw new Error(`Cannot read ${page}: this ${language} is no output: ${block}`)
  }
  return steps
}

/**
 * An output with what the page leaves open put as it is there, so that it equals the page where it fits. In JSON,
 * `, … }` leaves further members open.
 */
export function asPrinted({ language, text }: Printed, output: string): unknown {
  return language === 'text' ? fitted(text, output) : fitted(parsePrinted(text), parse(output))
}

/** What the page prints, to be compared with. */
export function expected({ language, text }: Printed): unknown {
  return language === 'text' ? text : parsePrinted(text)
}

function parsePrinted(text: string): unknown {
  return parse(text.replaceAll(/, …(?=\s*\})/g, `, "${ELISION}": "${ELISION}"`))
}

function parse(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return value
}

function fitted(printed: unknown, actual: unknown): unknown {
  if (typeof printed === 'string' && typeof actual === 'string') {
    return patternOf(printed).test(actual) ? printed : actual
  }
  if (Array.isArray(printed) && Array.isArray(actual)) {
    return actual.map((value, index) => fitted(printed[index], value))
  }
  if (!isRecord(printed) || !isRecord(actual)) return actual
  const isOpen = ELISION in printed
  const told = Object.entries(actual).filter(([name]) => !isOpen || name in printed)
  return {
    ...Object.fromEntries(told.map(([name, value]) => [name, fitted(printed[name], value)])),
    ...(isOpen ? { [ELISION]: ELISION } : {}),
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How what begins with a prefix goes on, as a pattern: an id, or a secret in Base64. */
export function endingOf(prefix: string): string {
  return prefix === 'whsec_' ? '[\\w+/]+=*' : '[\\w-]+'
}

/** An id goes on as ids do; anything else may be anything. */
function patternOf(text: string): RegExp {
  const literal = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const ids = literal.replaceAll(
    /([a-z]+_)…/g,
    (_text, prefix: string) => prefix + endingOf(prefix),
  )
  const open = ids.replaceAll(ELISION, '[^]+?')
  return new RegExp(`^${open}$`)
}
