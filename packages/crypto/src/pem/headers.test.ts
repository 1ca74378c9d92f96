import { describe, expect, test } from 'vitest'
import { takeHeaders } from './headers.ts'

const take = (text: string) => {
  const { headers, lines, repairs } = takeHeaders(text.split('\n'))
  return [Object.fromEntries(headers), lines.join('|'), repairs.join()]
}

describe('takeHeaders()', () => {
  test('leaves a body without headers as it is', () => {
    expect(take('\nAAAA\nBBBB\n')).toEqual([{}, '|AAAA|BBBB|', ''])
  })

  test.each([
    ['a blank line', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n'],
    ['no blank line', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\nAAAA\n'],
    ['odd spacing', '\n Proc-Type :4,ENCRYPTED \n\nDEK-Info:  AES-128-CBC,00\nAAAA\n'],
    ['other letters', '\nPROC-TYPE: 4,ENCRYPTED\ndek-info: AES-128-CBC,00\nAAAA\n'],
  ])('hands out those before %s', (_, text) => {
    expect(take(text)).toEqual([
      { 'proc-type': '4,ENCRYPTED', 'dek-info': 'AES-128-CBC,00' },
      '|AAAA|',
      'block_headers',
    ])
  })

  test('takes a colon in a value', () => {
    expect(take('\nComment: a: b\nAAAA')).toEqual([{ comment: 'a: b' }, '|AAAA', 'block_headers'])
  })

  test('takes none where there is no content', () => {
    expect(take('\nComment: a\n')).toEqual([{}, '|Comment: a|', ''])
  })
})
