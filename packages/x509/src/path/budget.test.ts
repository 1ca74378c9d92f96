import { describe, expect, test } from 'vitest'
import { extension, generalNames, nameConstraints } from '../testing/extensions.ts'
import { errorsOf, judge } from '../testing/judge.ts'
import { generateKeys } from '../testing/keys.ts'
import { mintAuthority, type Minted, mintLeaf, mintRoot } from '../testing/mint.ts'
import { commonName, directory, dns, nameOf } from '../testing/names.ts'
import { utf8 } from '../testing/der.ts'

const names = (count: number, suffix: string) =>
  Array.from({ length: count }, (_, index) => dns(`host-${index}.${suffix}`))

describe('createBudget()', () => {
  // A chain is sent along with hundreds of authorities of one name, each of which may have signed each other.
  test('ends the search among authorities that all have the same name', async () => {
    const root = await mintRoot()
    const name = commonName('Same')
    const first = await mintRoot({ name })
    // None says whose key signed it, so every one is a candidate for every other.
    const extensions = { authorityKeyIdentifier: null, subjectKeyIdentifier: null }
    const all: Minted[] = [first]
    for (let index = 0; index < 150; index += 1) {
      all.push(await mintAuthority(all.at(-1) ?? first, { name, extensions }))
    }
    const leaf = await mintLeaf(all.at(-1) ?? first)
    const path = judge(leaf, root, { intermediates: all, profile: 'rfc5280', maxDepth: 255 })
    expect(await errorsOf(path)).toContain('work_exceeded')
  })

  // Every pair of authorities has cross-signed, so that the number of ways grows with the factorial.
  test('ends the search among authorities that have all signed each other', async () => {
    const root = await mintRoot()
    const keys = await Promise.all(Array.from({ length: 12 }, () => generateKeys()))
    const authorities = await Promise.all(
      keys.map((each, index) => mintRoot({ keys: each, name: commonName(`Mesh ${index}`) })),
    )
    const crossed = await Promise.all(
      authorities.flatMap((issuer) =>
        authorities
          .filter((subject) => subject !== issuer)
          .map(({ name, keys: own }) => mintAuthority(issuer, { name, keys: own })),
      ),
    )
    const [first = root] = authorities
    const path = judge(await mintLeaf(first), root, { intermediates: crossed })
    expect(await errorsOf(path)).toEqual(['work_exceeded'])
  })

  // Thousands of names under thousands of constraints take millions of comparisons to tell nothing.
  test('refuses to compare too many names with too many constraints', async () => {
    const constraints = nameConstraints(names(1_024, 'example.com'), names(1_024, 'example.org'))
    const root = await mintRoot({
      extensions: { nameConstraints: extension('nameConstraints', constraints, true) },
    })
    const alternative = generalNames(dns('example.com'), ...names(1_024, 'example.com'))
    const leaf = await mintLeaf(root, {
      extensions: {
        subjectAlternativeName: extension('subjectAlternativeName', alternative, true),
      },
    })
    expect(await errorsOf(judge(leaf, root))).toEqual(['work_exceeded'])
  })

  // A certificate of a megabyte names its holder in full in each of many findings.
  test('tells little of a certificate that says too much', async () => {
    const parts = Array.from({ length: 5_000 }, () => ['2.5.4.11', utf8('Unit')] as const)
    const root = await mintRoot()
    const bad = Array.from({ length: 5_000 }, () => dns('_'))
    const leaf = await mintLeaf(root, {
      name: nameOf(...parts),
      extensions: {
        subjectAlternativeName: extension('subjectAlternativeName', generalNames(...bad)),
      },
    })
    const result = await judge(leaf, root)
    expect(result.ok).toBe(false)
    expect(JSON.stringify(result).length).toBeLessThan(10_000)
  })

  test('refuses a certificate that is too large to be read', async () => {
    const root = await mintRoot()
    const leaf = await mintLeaf(root, {
      extensions: { padding: extension('1.3.6.1.4.1.99999.1', new Uint8Array(150_000)) },
    })
    expect(await errorsOf(judge(leaf, root))).toEqual(['certificate_malformed'])
  })

  test('refuses more certificates than anybody has', async () => {
    const root = await mintRoot()
    const intermediates = Array.from({ length: 1_000 }, () => root)
    expect(await errorsOf(judge(await mintLeaf(root), root, { intermediates }))).toEqual([
      'work_exceeded',
    ])
  })

  // Authorities of one name, each as large as a certificate may be, are read before any is known to be of no use.
  test('ends the search where there is too much to read', async () => {
    const root = await mintRoot()
    const constraints = nameConstraints(names(4_000, 'example.com'))
    const name = commonName('Same')
    const authority = await mintAuthority(root, {
      name,
      extensions: { nameConstraints: extension('nameConstraints', constraints, true) },
    })
    const leaf = await mintLeaf(await mintAuthority(root, { name }))
    const intermediates = Array.from({ length: 8 }, () => authority)
    expect(await errorsOf(judge(leaf, root, { intermediates }))).toEqual(['work_exceeded'])
  })

  test('ends the search where there are too long names to look through', async () => {
    const root = await mintRoot()
    const parts = Array.from(
      { length: 2_000 },
      () => ['2.5.4.11', utf8('Unit '.repeat(6))] as const,
    )
    const other = await mintAuthority(root, { name: nameOf(...parts) })
    const intermediates = Array.from({ length: 4 }, () => other)
    const path = judge(await mintLeaf(root), root, { intermediates })
    expect(await errorsOf(path)).toEqual(['work_exceeded'])
  })

  test('reads no certificate that has nothing to do with the path', async () => {
    const root = await mintRoot()
    const authority = await mintAuthority(root)
    const padding = extension('1.3.6.1.4.1.99999.1', new Uint8Array(100_000))
    const other = await mintRoot({ name: commonName('Other'), extensions: { padding } })
    const intermediates = [authority, ...Array.from({ length: 8 }, () => other)]
    const result = await judge(await mintLeaf(authority), root, { intermediates })
    expect(result.ok).toBe(true)
  })

  test('counts names of directories too', async () => {
    const bases = Array.from({ length: 2_048 }, (_, index) =>
      directory(commonName(`Unit ${index}`)),
    )
    const constraints = nameConstraints(bases)
    const root = await mintRoot({
      extensions: { nameConstraints: extension('nameConstraints', constraints, true) },
    })
    const name = nameOf(...Array.from({ length: 4 }, () => ['2.5.4.11', utf8('Unit')] as const))
    const subjects = Array.from({ length: 200 }, () => directory(name))
    const leaf = await mintLeaf(root, {
      extensions: {
        subjectAlternativeName: extension(
          'subjectAlternativeName',
          generalNames(...subjects),
          true,
        ),
      },
    })
    const asked = { profile: 'rfc5280', purpose: 'any' } as const
    expect(await errorsOf(judge(leaf, root, asked))).toContain('work_exceeded')
  })
})
