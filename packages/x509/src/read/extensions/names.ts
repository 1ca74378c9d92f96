import { type Bytes, EncodingError } from '@latchkey/crypto'
import { type GeneralName, generalNameOf } from '../general-name.ts'
import {
  GeneralNamesSchema,
  type GeneralSubtreesSchema,
  NameConstraintsSchema,
} from '../schemas/general-name.ts'
import { readList } from '../schemas/list.ts'
import { readBySchema } from '../schemas/read.ts'

/** RFC 5280 §4.2.1.6 and .7. @throws EncodingError */
export function readAlternativeNames(value: Bytes): readonly GeneralName[] {
  return readList(value, GeneralNamesSchema, 'GeneralNames').map(generalNameOf)
}

export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** RFC 5280 §4.2.1.10. @throws EncodingError also where it constrains nothing */
export function readNameConstraints(value: Bytes): NameConstraints {
  const read = readBySchema(value, NameConstraintsSchema, 'nameConstraints')
  const { permittedSubtrees: permitted, excludedSubtrees: excluded } = read
  if (permitted === undefined && excluded === undefined) {
    throw new EncodingError('nameConstraints is empty')
  }
  return { permitted: basesOf(permitted), excluded: basesOf(excluded) }
}

function basesOf(subtrees: GeneralSubtreesSchema | undefined): readonly GeneralName[] {
  if (subtrees?.length === 0) throw new EncodingError('nameConstraints has an empty list')
  return Array.from(subtrees ?? [], ({ base }) => generalNameOf(base))
}
