/**
 * Private keys that were made once with OpenSSL 3.0 for these tests and thrown away: they protect nothing.
 * What is not named otherwise is one key of P-256.
 */
import { armoured } from './armoured.ts'

/** What the encrypted keys are encrypted with. */
export const PASSPHRASE = 'throw-away'

/** `openssl pkey -pubout -outform DER | sha256sum` */
export const FINGERPRINTS = {
  'P-256': 'sha256:c67736322c82ba4f8f57409fae08650c33ca720af9f679c427ad3ed7ac802f8d',
  'P-384': 'sha256:ec5a991256b8058ae6d27165ff0a59f5161cab68d220c1632bf48c225c4f05a4',
  'P-521': 'sha256:7cdbdb9c002d0b70d79101dc59ea98d7efa2df08f71ba93192565305745abec3',
  Ed25519: 'sha256:a4ceec15abff7f611e625a79660a04d5edca597dd224362c4d5db2d38895d763',
} as const

/** `openssl pkcs8 -topk8 -nocrypt` */
export const P256_PKCS8 = armoured(
  'PRIVATE KEY',
  `
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQ9mN9PCXE/nyukph
vQInHV3WvfcO9uiKWobfqdffGSOhRANCAASvkqnXGwi6hDnHY5xA+jP+MbVK/8tw
WPaxMeAN8rBSONESYJL7lFgjPAdSvOX3Y3A8qJvuGdTmgR/NMo8kKPCT
`,
)

/** By the command of OpenSSL that wrote them. */
export const P256_SEC1: Readonly<Record<string, string>> = {
  'ecparam -genkey -noout': armoured(
    'EC PRIVATE KEY',
    `
MHcCAQEEIEPZjfTwlxP58rpKYb0CJx1d1r33DvboilqG36nX3xkjoAoGCCqGSM49
AwEHoUQDQgAEr5Kp1xsIuoQ5x2OcQPoz/jG1Sv/LcFj2sTHgDfKwUjjREmCS+5RY
IzwHUrzl92NwPKib7hnU5oEfzTKPJCjwkw==
`,
  ),
  'ec -no_public': armoured(
    'EC PRIVATE KEY',
    `
MDECAQEEIEPZjfTwlxP58rpKYb0CJx1d1r33DvboilqG36nX3xkjoAoGCCqGSM49
AwEH
`,
  ),
  'ec -conv_form compressed': armoured(
    'EC PRIVATE KEY',
    `
MFcCAQEEIEPZjfTwlxP58rpKYb0CJx1d1r33DvboilqG36nX3xkjoAoGCCqGSM49
AwEHoSQDIgADr5Kp1xsIuoQ5x2OcQPoz/jG1Sv/LcFj2sTHgDfKwUjg=
`,
  ),
}

/** `openssl pkcs8 -topk8 -nocrypt` */
export const P384_PKCS8 = armoured(
  'PRIVATE KEY',
  `
MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAd6iTmnKeTRI0lH9m4
EprM9w+uFvkBushR0N/HZnu5u+BYma4/nixoAUdb4ddOxHChZANiAATCGyAR/T+y
V9u7jkL+u1NUN288pCUByHjoVe/cy7e0GWkzCLrRB2/sFoeTsVS/Gwp3bu+ruHn6
jRkrST+6iDBRQ8Ev2qNHwF9LqEXAItmkp6dL7jsizChqYcWq4P2SDWE=
`,
)

/** `openssl pkcs8 -topk8 -nocrypt` */
export const P521_PKCS8 = armoured(
  'PRIVATE KEY',
  `
MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIAqVtPLGvgzFHJ7lWW
88D+y4bCFTiRl1kDsC/0EIxP0MmUCaGHhI+O78k4H6uhxzP4WN8OwK3rpylG7lH5
+oqmjCKhgYkDgYYABAHwz3Hfcs7wgQhZxOaTtaiu2lvbNiqO2NIwBbieA+rYlx4Q
QTVTCwHkYx0pYo5OWRfQQWHqy7mDhBPs0Jnt/IhtcADeZlt4i+zIjl4ukcgGF7ml
SMWBs2tNghPV3qbAJhVlM8gFnq/K4KVEASqpfaIdDlQTp49Fhhohx9qihuJOmAMl
Bg==
`,
)

/** `openssl genpkey -algorithm ed25519` */
export const ED25519 = armoured(
  'PRIVATE KEY',
  `
MC4CAQAwBQYDK2VwBCIEIN11ek/h+6l7LhjXYvOMMPCh2GkZkFoBVxuIHhlafSLV
`,
)
