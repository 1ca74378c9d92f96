import type { Plugin } from 'rolldown'
import { parseAst } from 'rolldown/parseAst'
import { type ESTree, Visitor } from 'rolldown/utils'

/**
 * Puts what a module does when it is loaded into a function, except where that is at once. workerd compiles every module
 * at its start, and of a function that nobody has called V8 makes out little more than where it ends.
 */
export function lateBodies(): Plugin {
  return {
    name: 'late-bodies',
    renderChunk(code, { fileName, isEntry, name }, _options, { magicString }) {
      if (isEntry || name === 'eager') return null
      if (magicString === undefined)
        throw new Error('Cannot change modules: nativeMagicString is off')
      const program = parseAst(code)
      const imports = program.body.filter((each) => each.type === 'ImportDeclaration')
      const [first] = program.body.slice(imports.length)
      const last = program.body.at(-1)
      // One that only hands on what others have does nothing.
      if (first === undefined || first === last) return null
      if (last?.type !== 'ExportNamedDeclaration') {
        throw new Error(`Cannot put ${fileName} into a function: its exports are not its end`)
      }
      const handedOn = new Set(
        imports.flatMap(({ specifiers }) => specifiers.map(({ local }) => local.name)),
      )
      const exported = last.specifiers.map(({ local }) => code.slice(local.start, local.end))
      const own = new Set(exported.filter((each) => !handedOn.has(each)))
      const changing = changingIn(program).find((each) => own.has(each))
      if (changing !== undefined) {
        throw new Error(`Cannot put ${fileName} into a function: ${changing} may be set again`)
      }
      const names = [...own].join(', ')
      magicString.appendLeft(first.start, 'function body() {\n')
      magicString.appendLeft(last.start, `return { ${names} };\n}\nconst { ${names} } = body();\n`)
      return { code: magicString }
    },
  }
}

/** The variables of a module that are set where they are not declared; by their names, whoever else may have them. */
function changingIn(program: ESTree.Program): readonly string[] {
  const set = new Set<string>()
  const note = (target: ESTree.Node) => {
    if (target.type === 'Identifier') set.add(target.name)
  }
  new Visitor({
    AssignmentExpression: ({ left }) => note(left),
    UpdateExpression: ({ argument }) => note(argument),
  }).visit(program)
  return program.body
    .flatMap((each) =>
      each.type === 'VariableDeclaration' && each.kind !== 'const' ? each.declarations : [],
    )
    .flatMap(({ id }) => (id.type === 'Identifier' && set.has(id.name) ? [id.name] : []))
}
