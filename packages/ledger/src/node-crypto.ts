import type * as NodeCrypto from 'node:crypto'

let loaded: typeof NodeCrypto | null = null

/**
 * Node's cryptography, for a transaction, which cannot wait for an `import()`. Were it imported, whoever wakes a Worker
 * would wait for it: workerd takes milliseconds to load it.
 */
export function nodeCrypto(): typeof NodeCrypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'))
}
