import type { PublicKey } from '@latchkey/core'

/** Stands where the vendors' samples have a placeholder. Nobody holds its private half. */
export const FIXTURE_KEY: PublicKey = {
  pem: `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqdAXKv+FVvCrppbDjZvn
kbz24dMXIvQFrN++RrB6pkarJtw6ZBz23nEb4iSIxc4jZXjCdIAFZLHIm55iKzJ7
0IEZNqCvmH54o4xlMo+RqKucN3KoMMcfmvebpiPNkdkbdLvYJJ1PZUoXjAfouDpu
QE6e7BYSJ5zsVCOJh2jAzmySB+xpwujdYp6vCi/GQ+edRCdrmGAmQnYnLLDwcfSe
JVEzmLr8LMQdm10jsI0Sf38HYg1DvT3qlJGbaAixChvI7orvkkPlYCbslBfm54sO
OLogorSnOB2acwYAi0UigsmeflQeRfslR9+/fPILrud8WLc3Ubd9mQRrCGrc2Ure
TQIDAQAB
-----END PUBLIC KEY-----
`,
  fingerprint: 'sha256:56fe24d1028aca2dbec7e922730066ea6e01d5ec2a77f003661ff367a563b521',
}

/** As samples write it. */
export const FIXTURE_PEM = FIXTURE_KEY.pem.trimEnd()

/** The readings that every provider with a read has to give for its own spelling of them. */
export const READINGS = {
  valid: { status: 'valid', publicKey: FIXTURE_KEY, warnings: [] },
  mismatch: { status: 'mismatch', publicKey: FIXTURE_KEY, warnings: [] },
  unset: { status: 'unset', publicKey: null, warnings: [] },
} as const
