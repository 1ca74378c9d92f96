/** The suite that the profile leaves no choice but to disagree with, each with the reason. None is accepted wrongly. */
export const WRONGLY_REJECTED: ReadonlyMap<string, string> = new Map([
  [
    'webpki::san::exact-localhost-ip-san',
    'its common name example.com is not in its subjectAltName: CABF BR §7.1.4.3, which webpki::cn holds to',
  ],
])
