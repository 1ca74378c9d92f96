import type { FaultCode } from '@latchkey/core'

/** For each code: what it means to the caller, and what to do about it. */
export const ERROR_ADVICE: Readonly<Record<FaultCode, { meaning: string; remedy: string }>> = {
  invalid_request: {
    meaning: 'The request is not of the form that this route takes. Nothing was done.',
    remedy:
      'Mend the fields that `errors` points to; the route’s schema is in the API documentation.',
  },
  unauthenticated: {
    meaning:
      'No token was sent, or it is unknown, expired or revoked. A webhook, or a message to a trigger: it is not signed with one of its secrets, was changed on the way, or is more than five minutes old.',
    remedy:
      'Send `Authorization: Bearer <token>` with a Latchkey token or a JWT of a configured issuer. Sign a webhook over the very bytes that are sent, with a secret that is set here, by a clock that is right.',
  },
  forbidden: {
    meaning: 'The token is good, but does not reach this far.',
    remedy:
      'Use a token that has the scope which `detail` names, or that is not limited to other connections.',
  },
  not_found: {
    meaning: 'There is no such thing, or the token may not know of it.',
    remedy: 'Check the id and its prefix. A token that is limited to connections sees only theirs.',
  },
  method_not_allowed: {
    meaning: 'The path exists, but not with this method.',
    remedy: 'Use one of the methods in the `Allow` header.',
  },
  conflict: {
    meaning:
      'Something else stands in the way: a thing of the same name, a newer publish, a request in flight, a rotation that has the number, or a number that uses the key.',
    remedy:
      'Read `detail`: it names what. Where `retryable` is true, wait `retryAfter` seconds and repeat.',
  },
  quota_exceeded: {
    meaning:
      'The upstream holds as many of these as it takes; how many that is, is among its `limits` in `GET /v1/providers`. Nothing was sent.',
    remedy:
      'Delete one that is no longer needed: `GET /v1/connections/{connectionId}/certificates` lists them.',
  },
  precondition_failed: {
    meaning:
      'The key at the upstream is not the one that `If-Match` or `If-None-Match` asked for. Nothing was published.',
    remedy: 'Read the key again with `?fresh=true`, look at what changed, and decide anew.',
  },
  payload_too_large: {
    meaning: 'The body is larger than any request needs to be.',
    remedy:
      'Send only the key, or the certificates of one server: a PEM public key of 2048 bits is about 450 bytes, and 256 KiB of PEM hold a hundred certificates.',
  },
  unsupported_media_type: {
    meaning: 'The body’s `Content-Type` is not one that this route reads.',
    remedy: 'Use one of the types that `detail` names.',
  },
  key_invalid: {
    meaning: 'What was sent is not an RSA public key of exactly 2048 bits. Nothing was published.',
    remedy:
      'Make a pair with `openssl genrsa -out private.pem 2048`, and its public half with `openssl rsa -in private.pem -pubout -out public.pem`. To send a file as it is, use `Content-Type: application/x-pem-file`.',
  },
  key_is_private: {
    meaning:
      'A private key was sent where a public one belongs. It was refused at once, and is neither stored nor logged.',
    remedy:
      'Send the public half: `openssl rsa -in private.pem -pubout`. Consider the private key as shown.',
  },
  certificate_invalid: {
    meaning: 'The certificate would break the other side, or cannot be read. Nothing was sent.',
    remedy:
      'Mend what the `findings` of severity `error` name; `POST /v1/certificates/inspect` judges again without sending. An On-Premises client that a bad certificate keeps from starting is brought back as `docs/onprem-client-down.md` of the repository says.',
  },
  idempotency_mismatch: {
    meaning: 'This `Idempotency-Key` was used before, with another request.',
    remedy: 'Use a new key for a new request; repeat a request with the very same body.',
  },
  unsupported_operation: {
    meaning:
      'This provider does not offer the operation, or not for this purpose: a certificate may be there to be read alone. Nothing was sent.',
    remedy: '`GET /v1/providers` lists what each provider can do; `detail` names what it cannot.',
  },
  rate_limited: {
    meaning: 'This token made more requests than it may in a minute.',
    remedy: 'Wait `retryAfter` seconds. The `RateLimit` header tells how many are left.',
  },
  internal: {
    meaning: 'Something went wrong inside Latchkey.',
    remedy:
      'Repeat it with the same `Idempotency-Key`. If it stays, give the `requestId` to whoever runs Latchkey.',
  },
  upstream_rejected: {
    meaning:
      'The upstream understood the request and refused it. What it held before, it still holds.',
    remedy: 'Read `upstream.code` and `upstream.message`: they are the provider’s own.',
  },
  upstream_unauthorized: {
    meaning: 'The upstream refused the connection’s credentials, or they lack a permission there.',
    remedy: 'Renew them with `PATCH /v1/connections/{connectionId}`, then `POST …/check`.',
  },
  upstream_malformed: {
    meaning:
      'The upstream answered something that is not its API: a login page, a proxy’s error, half a body.',
    remedy:
      'Check the connection’s `baseUrl`, and what stands between. After a publish, Latchkey reads the key again by itself; after an upload, it looks for the certificate that `detail` names.',
  },
  upstream_unavailable: {
    meaning:
      'The upstream cannot be reached, or says that it is out of order. So it is told, too, where the keys of a JWT’s issuer cannot be read: the token may well be good.',
    remedy:
      'Repeat it later. After a publish whose outcome is not known, Latchkey reads the key again by itself; after such an upload, it looks for the certificate that `detail` names, and sends it once more where that is safe.',
  },
  upstream_rate_limited: {
    meaning: 'The upstream takes no more calls for now. It did nothing.',
    remedy: 'Wait `retryAfter` seconds.',
  },
  upstream_timeout: {
    meaning: 'The upstream did not answer in time. Nobody knows yet whether it did what was asked.',
    remedy:
      'Latchkey reads the key again after 30 seconds and after 5 minutes; `GET …/encryption-key` tells what came of it. Repeating the publish is harmless. After an upload it looks for the certificate that `detail` names: follow that one, rather than upload it anew.',
  },
}
