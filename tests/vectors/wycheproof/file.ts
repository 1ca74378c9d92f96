import * as z from 'zod'

const hex = z.hex().transform((text) => Uint8Array.from(text.match(/../g) ?? [], octetOf))

function octetOf(pair: string): number {
  return Number.parseInt(pair, 16)
}

const result = z.enum(['valid', 'invalid', 'acceptable'])

function groupsOf<Group extends z.ZodRawShape, Case extends z.ZodRawShape>(
  group: Group,
  each: Case,
) {
  return z.array(
    z.object({
      ...group,
      tests: z.array(z.object({ ...each, tcId: z.int(), comment: z.string(), result })),
    }),
  )
}

const signature = z.object({
  schema: z.literal('rsassa_pkcs1_verify_schema_v1.json'),
  testGroups: groupsOf({ publicKeyDer: hex, sha: z.string() }, { msg: hex, sig: hex }),
})

const encryption = z.object({
  schema: z.literal('rsaes_oaep_decrypt_schema_v1.json'),
  testGroups: groupsOf(
    { privateKeyPkcs8: hex, sha: z.string(), mgfSha: z.string() },
    { msg: hex, ct: hex, label: hex },
  ),
})

const aead = z.object({
  algorithm: z.literal('AES-GCM'),
  schema: z.literal('aead_test_schema_v1.json'),
  testGroups: groupsOf(
    { tagSize: z.int() },
    { key: hex, iv: hex, aad: hex, msg: hex, ct: hex, tag: hex },
  ),
})

const cipher = z.object({
  algorithm: z.literal('AES-CBC-PKCS5'),
  schema: z.literal('ind_cpa_test_schema_v1.json'),
  testGroups: groupsOf({}, { key: hex, iv: hex, msg: hex, ct: hex }),
})

const mac = z.object({
  algorithm: z.enum(['HMACSHA256', 'HMACSHA384', 'HMACSHA512']),
  schema: z.literal('mac_test_schema_v1.json'),
  testGroups: groupsOf({ tagSize: z.int() }, { key: hex, msg: hex, tag: hex }),
})

const file = z.discriminatedUnion('schema', [signature, encryption, aead, cipher, mac])

export type WycheproofFile = z.output<typeof file>
export type SignatureFile = z.output<typeof signature>
export type EncryptionFile = z.output<typeof encryption>
export type AeadFile = z.output<typeof aead>
export type CipherFile = z.output<typeof cipher>
export type MacFile = z.output<typeof mac>

/** @throws where the text is no file of Wycheproof of a kind that is run here */
export function readWycheproof(text: string): WycheproofFile {
  return file.parse(JSON.parse(text))
}
