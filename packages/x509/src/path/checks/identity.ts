import { error, type Remark } from '../../findings.ts'
import { isDnsName, matchesHost } from '../../names/dns.ts'
import { isSameMailbox, parseMailbox } from '../../names/email.ts'
import { isSameAddress, parseAddress } from '../../names/ip.ts'
import type { Certificate } from '../../read/certificate.ts'

/** Who the leaf has to be; each that is given has to match. */
export interface Identity {
  /** A DNS name in ASCII (A-labels); a dot at its end is left out. */
  readonly hostname?: string
  /** An address in text. */
  readonly ip?: string
  readonly email?: string
}

/** RFC 9525 §6: by subjectAltName alone; common names do not count. */
export function* checkIdentity(
  { extensions: { subjectAlternativeName: names = [] } }: Certificate,
  { hostname, ip, email }: Identity,
): Iterable<Remark> {
  if (hostname !== undefined) {
    const host = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname
    if (!isDnsName(host)) {
      yield error('reference_malformed', 'The host name that was asked for is none')
    } else if (!names.some((name) => name.kind === 'dns' && matchesHost(name.text, host))) {
      yield error('hostname_mismatch', `The certificate is not for the host ${host}`)
    }
  }
  if (ip !== undefined) {
    const address = parseAddress(ip)
    if (address === null) {
      yield error('reference_malformed', 'The address that was asked for is none')
    } else if (!names.some((name) => name.kind === 'ip' && isSameAddress(name.octets, address))) {
      yield error('ip_mismatch', `The certificate is not for the address ${ip}`)
    }
  }
  if (email !== undefined) {
    if (parseMailbox(email) === null) {
      yield error('reference_malformed', 'The mailbox that was asked for is none')
    } else if (!names.some((name) => name.kind === 'email' && isSameMailbox(name.text, email))) {
      yield error('email_mismatch', 'The certificate is not for the mailbox')
    }
  }
}
