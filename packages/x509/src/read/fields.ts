import { type DerElement, readElements, TAG } from './der.ts'
import { EncodingError } from './encoding-error.ts'

/** The members of a SEQUENCE, taken in order; nothing may be left over. */
export interface Fields {
  /** The next member, which has to be of this type. @throws EncodingError */
  take(tag: number, what: string): DerElement
  /** The next member, whatever its type. @throws EncodingError where there is none */
  any(what: string): DerElement
  /** The next member if it is of one of these types. */
  optional(...tags: readonly number[]): DerElement | undefined
  /** @throws EncodingError where members are left */
  end(): void
}

/** @throws EncodingError where the element is no SEQUENCE, or of another tag where IMPLICIT gives it one */
export function fieldsOf(element: DerElement, what: string, tag: number = TAG.sequence): Fields {
  const members = membersOf(element, what, tag)
  let next = 0
  const advance = (): DerElement | undefined => members[next++]
  return {
    take(expected, name) {
      const member = advance()
      if (member?.tag !== expected) {
        throw new EncodingError(`${name} of ${what} is missing or of the wrong type`)
      }
      return member
    },
    any(name) {
      const member = advance()
      if (member === undefined) throw new EncodingError(`${name} of ${what} is missing`)
      return member
    },
    optional(...tags) {
      const member = members[next]
      return member !== undefined && tags.includes(member.tag) ? advance() : undefined
    },
    end() {
      if (next < members.length) throw new EncodingError(`${what} has members that are unknown`)
    },
  }
}

/** The members of a SEQUENCE OF or SET OF. @throws EncodingError */
export function membersOf(
  element: DerElement,
  what: string,
  tag: number = TAG.sequence,
): readonly DerElement[] {
  if (element.tag !== tag) throw new EncodingError(`${what} is of the wrong type`)
  return readElements(element.content)
}

/** The same, of a list that may not be empty (SIZE (1..MAX)). @throws EncodingError */
export function nonEmptyMembersOf(
  element: DerElement,
  what: string,
  tag: number = TAG.sequence,
): readonly DerElement[] {
  const members = membersOf(element, what, tag)
  if (members.length === 0) throw new EncodingError(`${what} is empty`)
  return members
}
