import { Fault, parseForm, type SubmittedKey } from '@latchkey/core'
import { importPublicKey, refusePrivateKey } from '@latchkey/crypto'
import { decodeText, parseJson, parseWith, requireMediaType } from '../http/body.ts'
import { JSON_TYPE } from '../http/json.ts'
import { publishJsonBody } from '../schemas/encryption-key.ts'
import { PEM_TYPE } from './key-representation.ts'

export const FORM_TYPE = 'application/x-www-form-urlencoded'
export const TEXT_TYPE = 'text/plain'

const PUBLISH_TYPES = [JSON_TYPE, FORM_TYPE, TEXT_TYPE, PEM_TYPE]
/** The field's names at Graph and Kaleyra, and at On-Premises. */
const FORM_FIELDS = ['business_public_key', 'public_key']

/**
 * Reads the key out of a publish, in whichever form it was sent, or which one of the ring it is.
 * @throws Fault unsupported_media_type, invalid_request, key_invalid, key_is_private
 */
export async function submittedKey(
  request: Request,
  body: Uint8Array,
): Promise<SubmittedKey | { readonly keyId: string }> {
  const type = requireMediaType(request, PUBLISH_TYPES)
  const text = decodeText(body)
  // Whatever else is wrong: it may stand in a field that nothing reads, or in none (`curl --data-binary @key.pem`).
  refusePrivateKey(text)
  if (type === JSON_TYPE) {
    const asked = parseWith(publishJsonBody, parseJson(text), 'key')
    return 'keyId' in asked ? asked : importPublicKey(asked.publicKey)
  }
  return importPublicKey(type === FORM_TYPE ? formKey(text) : text)
}

function formKey(text: string): string {
  const fields = [...parseForm(text)]
  const unknown = fields.find(([name]) => !FORM_FIELDS.includes(name))
  if (unknown !== undefined || fields.length !== 1) {
    throw new Fault(
      'invalid_request',
      `Cannot read form: send exactly one field, ${FORM_FIELDS.join(' or ')}`,
    )
  }
  return fields[0]?.[1] ?? ''
}
