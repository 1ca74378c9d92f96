import * as fc from 'fast-check'
import {
  type Algorithm,
  ALGORITHMS,
  KEY_FORMS,
  type KeyForm,
  type Material,
  PASSPHRASE,
} from './mangled-material.ts'

/** What was done to a bundle on its way here. */
export interface Recipe {
  readonly algorithm: Algorithm
  readonly keyForm: KeyForm
  /** The key of another server stands in place of the right one. */
  readonly hasWrongKey: boolean
  /** Which certificate is the one of last year. */
  readonly ended: 'leaf' | 'lower' | null
  readonly lost: 'key' | 'leaf' | 'lower' | 'upper' | null
  readonly added: readonly Extra[]
  /** Sorts the blocks; null leaves them in their order. */
  readonly order: readonly number[] | null
  /** Where a letter is another, or the text ends: a part of its length. */
  readonly damage: { readonly how: 'letter' | 'end'; readonly at: number } | null
  readonly mangling: readonly Mangling[]
  /** As JSON, as JSON with the key in a field of its own, or as the PEM itself. */
  readonly sentAs: 'json' | 'json, key apart' | 'pem'
  readonly passphrase: 'right' | 'wrong' | null
}

/** What editors, mailers and environment files do to a text; none of it loses anything. */
const MANGLINGS = {
  'Windows line ends': (text: string) => text.replaceAll('\n', '\r\n'),
  'a byte order mark': (text: string) => `\uFEFF${text}`,
  'escaped line ends': (text: string) => text.replaceAll('\n', '\\n'),
  'text around': (text: string) => `subject=CN = example\n${text}\nthat is all\n`,
  indentation: (text: string) => text.replaceAll(/^/gm, '    '),
  quotes: (text: string) => `"${text}"`,
  'blanks at line ends': (text: string) => text.replaceAll('\n', ' \n'),
} as const
type Mangling = keyof typeof MANGLINGS
const MANGLING_NAMES = [
  'Windows line ends',
  'a byte order mark',
  'escaped line ends',
  'text around',
  'indentation',
  'quotes',
  'blanks at line ends',
] as const satisfies readonly Mangling[]

const EXTRAS = ['root', 'strayLeaf', 'leaf', 'upper', 'strayKey', 'the key again'] as const
type Extra = (typeof EXTRAS)[number]

const BLOCKS_MAX = 4 + EXTRAS.length
const OFTEN = { freq: 8 } as const

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  algorithm: fc.constantFrom(...ALGORITHMS),
  keyForm: fc.constantFrom(...KEY_FORMS),
  hasWrongKey: fc.nat({ max: 9 }).map((chance) => chance === 9),
  ended: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('leaf' as const, 'lower' as const) },
  ),
  lost: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...(['key', 'leaf', 'lower', 'upper'] as const)),
    },
  ),
  added: fc.shuffledSubarray([...EXTRAS], { maxLength: 2 }),
  order: fc.option(fc.array(fc.nat(), { minLength: BLOCKS_MAX, maxLength: BLOCKS_MAX }), OFTEN),
  damage: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        how: fc.constantFrom(...(['letter', 'letter', 'letter', 'end'] as const)),
        // At least something is left.
        at: fc.double({ min: 0.01, max: 1, maxExcluded: true, noNaN: true }),
      }),
    },
  ),
  mangling: fc.shuffledSubarray([...MANGLING_NAMES], { maxLength: 2 }),
  sentAs: fc.constantFrom(...(['json', 'json, key apart', 'pem'] as const)),
  passphrase: fc.constantFrom('right' as const, 'right' as const, 'right' as const, 'wrong', null),
})

export interface MangledBundle {
  readonly pem: string
  readonly privateKey: string | null
  readonly passphrase: string | null
  /** Whether everything that is needed is still there: then there is no reason to refuse it. */
  readonly isWhole: boolean
}

export function prepare(recipe: Recipe, material: Material): MangledBundle {
  const { algorithm: _, sentAs, lost, added, damage, passphrase } = recipe
  const key = recipe.hasWrongKey ? material.strayKey : material.keys[recipe.keyForm]
  const isApart = sentAs === 'json, key apart'
  const parts: readonly (readonly [name: NonNullable<Recipe['lost']>, text: string])[] = [
    ['key', isApart ? '' : key],
    ['leaf', recipe.ended === 'leaf' ? material.endedLeaf : material.leaf],
    ['lower', recipe.ended === 'lower' ? material.endedLower : material.lower],
    ['upper', material.upper],
  ]
  const kept = parts.filter(([name]) => name !== lost).map(([, text]) => text)
  const extra = added.map((name) => (name === 'the key again' ? key : material[name]))
  const text = inOrder([...kept, ...extra], recipe.order).join('')
  const isSecret = recipe.keyForm !== 'PKCS#8' && recipe.keyForm !== 'traditional'
  const isOpen = !isSecret || (sentAs !== 'pem' && passphrase === 'right')
  const isSpoilt = damage !== null || lost !== null || recipe.hasWrongKey || recipe.ended !== null
  const damaged = damage === null ? text : spoil(text, damage)
  return {
    pem: recipe.mangling.reduce((mangled, name) => MANGLINGS[name](mangled), damaged),
    privateKey: isApart && lost !== 'key' ? key : null,
    passphrase: sentAs === 'pem' || passphrase === null ? null : passphraseOf(passphrase),
    isWhole: !isSpoilt && isOpen,
  }
}

function passphraseOf(which: 'right' | 'wrong'): string {
  return which === 'right' ? PASSPHRASE : `not-${PASSPHRASE}`
}

function inOrder(blocks: readonly string[], order: Recipe['order']): readonly string[] {
  if (order === null) return blocks
  return blocks
    .map((block, index) => ({ block, at: order[index] ?? 0 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ block }) => block)
}

function spoil(text: string, { how, at }: NonNullable<Recipe['damage']>): string {
  const index = Math.floor(at * text.length)
  return how === 'end' ? text.slice(0, index) : `${text.slice(0, index)}A${text.slice(index + 1)}`
}
