/**
 * What a connection trusts in place of the public authorities, for a host with a certificate of its own making.
 * `caCertificates`: PEM of CA certificates that alone are trusted; dates and host name are checked as ever.
 * `pinnedFingerprint`: SHA-256 over the DER of the one leaf that is trusted, as `sha256:` and lower-case hex; its
 * issuer, dates and names are not asked for then.
 */
export type TlsTrust = { readonly caCertificates: string } | { readonly pinnedFingerprint: string }
