/** The rules of the house that neither the compiler nor the linter knows. */
import {
  isCallExpression,
  isImportDeclaration,
  isNamespaceImport,
  isNewExpression,
  isTemplateExpression,
  type Node,
} from 'typescript/unstable/ast'
import { descendants, type Source, stringOf } from './source.ts'
import { isIn, isTestSupport, type Violation } from './violation.ts'

const MAX_LINES = 350

export function checkLength(sources: readonly Source[]): readonly Violation[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    if (lines <= MAX_LINES) return []
    const message = `${lines} lines, at most ${MAX_LINES}: one idea each`
    return [{ path, line: MAX_LINES + 1, rule: 'length', message }]
  })
}

/** Below the registry nobody sees a provider's id: a fifth provider is to be one folder and one line. */
export function checkProviderIds(
  sources: readonly Source[],
  ids: readonly string[],
  folders: readonly string[],
): readonly Violation[] {
  return sources.flatMap((source) => {
    const { path } = source
    if (isTestSupport(path) || !folders.some((folder) => isIn(path, folder))) return []
    return [...descendants(source.tree)].flatMap((node) => {
      const text = stringOf(node)
      if (text === undefined || !ids.includes(text)) return []
      const message = `'${text}' is a provider's id: only its own folder knows it`
      return [{ path, line: source.lineOf(node), rule: 'provider-ids', message }]
    })
  })
}

/** Class → the place of its message. Other classes speak another's language, as the sandbox does the vendors'. */
const SPEAKERS = new Map([
  ['Fault', 1],
  ['Error', 0],
  ['TypeError', 0],
  ['RangeError', 0],
])

/** The first and the last words of a message, as far as they are fixed. */
function endsOf(node: Node): { head: string; tail: string } | undefined {
  const text = stringOf(node)
  if (text !== undefined) return { head: text, tail: text }
  if (!isTemplateExpression(node)) return undefined
  return { head: node.head.text, tail: node.templateSpans.at(-1)?.literal.text ?? '' }
}

export function checkMessages(sources: readonly Source[]): readonly Violation[] {
  return sources.flatMap((source) => {
    if (isTestSupport(source.path)) return []
    return [...descendants(source.tree)].flatMap((node) => {
      if (!isNewExpression(node)) return []
      const place = SPEAKERS.get(
        source.text.slice(node.expression.getStart(source.tree), node.expression.end),
      )
      const argument = place === undefined ? undefined : node.arguments?.[place]
      const ends = argument === undefined ? undefined : endsOf(argument)
      if (ends === undefined) return []
      const found = { path: source.path, line: source.lineOf(node), rule: 'messages' }
      const violations: Violation[] = []
      if (/^\p{Ll}/u.test(ends.head)) {
        violations.push({ ...found, message: `'${ends.head}' does not start with a capital` })
      }
      if (ends.tail.endsWith('.')) {
        violations.push({ ...found, message: `'${ends.tail}' ends in a period` })
      }
      return violations
    })
  })
}

/** A skipped test says at the end of its title, in parentheses, what it needs: the gate lists it as the reason. */
export function checkSkips(sources: readonly Source[]): readonly Violation[] {
  return sources.flatMap((source) =>
    [...descendants(source.tree)].flatMap((node) => {
      if (!isCallExpression(node)) return []
      const callee = source.text.slice(node.expression.getStart(source.tree), node.expression.end)
      if (!/^(test|it|describe)\.(skip$|skipIf\(|runIf\()/.test(callee)) return []
      const [title] = node.arguments
      const ends = title === undefined ? undefined : endsOf(title)
      if (ends === undefined || ends.tail.endsWith(')')) return []
      const message = `'${ends.tail}' does not end with what it needs, in parentheses`
      return [{ path: source.path, line: source.lineOf(node), rule: 'skips', message }]
    }),
  )
}

/** `import { z }` bundles 92 KB after gzip, the namespace 26: bundlers shake the one alone. */
export function checkZod(sources: readonly Source[]): readonly Violation[] {
  return sources.flatMap((source) =>
    [...descendants(source.tree)].flatMap((node) => {
      if (!isImportDeclaration(node) || stringOf(node.moduleSpecifier) !== 'zod') return []
      const clause = node.importClause
      if (clause?.namedBindings !== undefined && isNamespaceImport(clause.namedBindings)) return []
      const message = `write import * as z from 'zod': another form does not tree-shake`
      return [{ path: source.path, line: source.lineOf(node), rule: 'zod', message }]
    }),
  )
}
