import type { PublicKey } from '@latchkey/core'

export const FORM_TYPE = 'application/x-www-form-urlencoded'

/** The PEM as every vendor's sample sends it: without the newline after its last line. */
export function wirePem(publicKey: PublicKey): string {
  return publicKey.pem.trimEnd()
}

/** A space goes as `%20`, as curl sends the samples: every server undoes that, and a plus sign only form decoders. */
export function formBody(fields: readonly (readonly [name: string, value: string])[]): string {
  const form = new URLSearchParams(fields.map(([name, value]) => [name, value])).toString()
  return form.replaceAll('+', '%20')
}
