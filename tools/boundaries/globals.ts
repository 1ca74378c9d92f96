import {
  isBindingElement,
  isCallExpression,
  isElementAccessExpression,
  isIdentifier,
  isNewExpression,
  isPropertyAccessExpression,
  isTypeNode,
  isVariableDeclaration,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { descendants, type Source, stringOf } from './source.ts'
import { isIn, isTestSupport, type Violation } from './violation.ts'

export interface GlobalRule {
  readonly rule: string
  /**
   * Global names (with all their members) or members (`Date.now`); `Date()` is a call, `new Date()` a construction
   * without argument, `= process` the whole thing in a variable.
   */
  readonly names: readonly string[]
  /** Where the rule holds. */
  readonly folders: readonly string[]
  readonly except?: readonly string[]
  readonly why: string
}

interface Use {
  readonly path: string
  /** `Date()`, `new Date()` or `= process`: what is done with it. */
  readonly form: string | undefined
  readonly line: number
}

/** Where an identifier is a name of its own, not a use of a value. */
const NAMING = new Set([
  SyntaxKind.PropertyAssignment,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.PropertySignature,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
  SyntaxKind.ImportSpecifier,
  SyntaxKind.ExportSpecifier,
])

function isValueUse(node: Node): boolean {
  const { parent } = node
  if (isTypeNode(parent) || isTypeNode(node)) return false
  if (isBindingElement(parent)) return parent.initializer === node
  if (isPropertyAccessExpression(parent)) return parent.expression === node
  if (parent.kind === SyntaxKind.PropertyAssignment)
    return !('name' in parent && parent.name === node)
  return !NAMING.has(parent.kind)
}

function memberOf(node: Node, object: Node): string | undefined {
  if (isPropertyAccessExpression(node) && node.expression === object) return node.name.text
  if (isElementAccessExpression(node) && node.expression === object) {
    return stringOf(node.argumentExpression)
  }
  return undefined
}

/** `globalThis.process.env` → `process.env`; without a member, the name alone. */
function dottedPath(identifier: Node, name: string): { path: string; whole: Node } {
  const path = [name]
  let whole = identifier
  for (;;) {
    const member = memberOf(whole.parent, whole)
    if (member === undefined) break
    path.push(member)
    whole = whole.parent
  }
  const named = path.length > 1 && path[0] === 'globalThis' ? path.slice(1) : path
  return { path: named.join('.'), whole }
}

function formOf(whole: Node, path: string): string | undefined {
  const { parent } = whole
  if (isCallExpression(parent) && parent.expression === whole) return `${path}()`
  if (isVariableDeclaration(parent)) return `= ${path}`
  if (isNewExpression(parent) && (parent.arguments?.length ?? 0) === 0) return `new ${path}()`
  return undefined
}

export function globalUses(source: Source): readonly Use[] {
  const uses: Use[] = []
  for (const node of descendants(source.tree)) {
    if (!isIdentifier(node) || !isValueUse(node) || !source.isGlobal(node.text, node)) continue
    const line = source.lineOf(node)
    const { path, whole } = dottedPath(node, node.text)
    uses.push({ path, form: formOf(whole, path), line })
  }
  return uses
}

const isNamed = ({ path, form }: Use, name: string) =>
  path === name || form === name || path.startsWith(`${name}.`)

/** Tests may do what they like: they hand in clocks, servers and settings. */
export function checkGlobals(
  sources: readonly Source[],
  rules: readonly GlobalRule[],
): readonly Violation[] {
  return sources.flatMap((source) => {
    if (isTestSupport(source.path)) return []
    const inForce = rules.filter(
      ({ folders, except = [] }) =>
        folders.some((folder) => isIn(source.path, folder)) &&
        !except.some((folder) => isIn(source.path, folder)),
    )
    if (inForce.length === 0) return []
    return globalUses(source).flatMap((use) =>
      inForce
        .filter((rule) => rule.names.some((name) => isNamed(use, name)))
        .map(({ rule, why }) => {
          return {
            path: source.path,
            line: use.line,
            rule,
            message: `'${use.form ?? use.path}': ${why}`,
          }
        }),
    )
  })
}
