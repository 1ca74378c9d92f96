import { expect, test } from 'vitest'
import { complaints } from './json-schema.ts'

const person = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, pattern: '^\\p{Lu}' },
    age: { type: ['integer', 'null'], minimum: 0 },
    friends: { type: 'array', items: { $ref: '#/$defs/name' }, maxItems: 2 },
  },
  required: ['name'],
  additionalProperties: false,
  $defs: { name: { enum: ['Ada', 'Bob'] } },
}

test.each([
  [{ name: 'Ada' }, []],
  [{ name: 'Ömer', age: null, friends: ['Ada', 'Bob'] }, []],
  [{}, [': lacks name']],
  [[], [': is no object']],
  [{ name: '' }, ['/name: is shorter than 1', '/name: is not like ^\\p{Lu}']],
  [{ name: 'Ada', age: -1.5 }, ['/age: is no integer,null', '/age: is below 0']],
  [{ name: 'Ada', friends: ['Eve'] }, ['/friends/0: is not of Ada,Bob']],
  [{ name: 'Ada', friends: ['Ada', 'Ada', 'Ada'] }, ['/friends: has more items than 2']],
  [{ name: 'Ada', __proto__: null, constructor: 1 }, ['/constructor: nothing may be here']],
])('complaints() about %j', (value, expected) => {
  expect(complaints(person, value)).toEqual(expected)
})

test('complaints() counts the alternatives that fit', () => {
  const either = { oneOf: [{ required: ['a'] }, { required: ['b'] }] }
  expect(complaints(either, { a: 1 })).toEqual([])
  expect(complaints(either, { a: 1, b: 1 })).toEqual([': fits none or several'])
  expect(complaints({ anyOf: [{ const: 1 }, { type: 'null' }] }, 2)).toEqual([
    ': fits no alternative',
  ])
})

test('complaints() passes over no keyword that it does not know', () => {
  expect(() => complaints({ multipleOf: 2 }, 3)).toThrow('multipleOf')
  expect(() => complaints({ $ref: '#/$defs/none' }, 3)).toThrow('#/$defs/none')
})
