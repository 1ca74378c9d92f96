/** The suite that the profile leaves no choice but to disagree with, each with the reason. None is accepted wrongly. */
export const WRONGLY_REJECTED: ReadonlyMap<string, string> = new Map([
  [
    'rfc5280::ca-as-leaf',
    'CABF BR §7.1.2.7.8 forbids it; the suite has the same chain as webpki::ca-as-leaf, to be rejected',
  ],
  [
    'rfc5280::nc::permitted-dns-match-more',
    'its common name example.com is not in its subjectAltName: CABF BR §7.1.4.3, as in webpki::cn',
  ],
  [
    'rfc5280::nc::permitted-ipv4-match',
    'its common name example.com is not in its subjectAltName: CABF BR §7.1.4.3, as in webpki::cn',
  ],
  [
    'webpki::san::exact-localhost-ip-san',
    'its common name example.com is not in its subjectAltName: CABF BR §7.1.4.3, as in webpki::cn',
  ],
])
