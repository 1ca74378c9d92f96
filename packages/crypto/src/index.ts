export type { Bytes } from './bytes.ts'
export { constantTimeEqual, constantTimeEqualText, hmacSha256, sha256Hex } from './digest.ts'
export * from './der/index.ts'
export * from './encoding.ts'
export { rsaKeyMaker } from './key-maker.ts'
export { type PemPart, type PemParts, readPemParts } from './pem/parts.ts'
export type { RepairCode } from './pem/repairs.ts'
export { encodePem } from './pem/write.ts'
export { isCertificate } from './public-key/certificate.ts'
export { exportJwk, type PublicJwk } from './public-key/jwk.ts'
export { fingerprintOf, spkiOf } from './public-key/spki.ts'
export { importPublicKey, readPublicKey, refusePrivateKey } from './public-key/import.ts'
export { looksPrivate } from './public-key/private-text.ts'
export { createKeyRing, type KeyRing } from './seal/key-ring.ts'
export { parseKeysSetting } from './seal/keys-setting.ts'
export { generateKeyRing, type KeySet } from './seal/key-set.ts'
export { ed25519Signer } from './signer.ts'
export { isTokenShaped, mintToken, tokenDigest } from './token.ts'
export { verifyBase64Mac, verifyHubSignature } from './webhook/mac.ts'
export { mintWebhookSecret } from './webhook/secret.ts'
export {
  signWebhook,
  verifyWebhook,
  type WebhookMessage,
  type WebhookVerdict,
} from './webhook/standard.ts'
