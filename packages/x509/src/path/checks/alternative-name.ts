import { error, type Remark } from '../../findings.ts'
import { isDnsName, wildcardBase } from '../../names/dns.ts'
import { parseMailbox } from '../../names/email.ts'
import { isAddress } from '../../names/ip.ts'
import type { GeneralName } from '../../read/general-name.ts'
import { EXTENSION } from '../../read/oid.ts'
import type { Place } from '../place.ts'

/** RFC 3986 §3.1; RFC 5280 §4.2.1.6 wants URIs that are not relative. */
const SCHEME = /^[a-z][a-z\d+.-]*:./i

export function* checkAlternativeName(place: Place): Iterable<Remark> {
  const { certificate, role, rules } = place
  const extension = certificate.extensionList.find(
    ({ oid }) => oid === EXTENSION.subjectAlternativeName,
  )
  const isNameless = certificate.subject.parts.length === 0
  const webpki = rules.profile === 'webpki'
  if (extension === undefined) {
    if (role === 'leaf' && (webpki || isNameless)) {
      yield error('subject_alternative_name_missing', 'The certificate has no subjectAltName')
    }
    return
  }
  if (isNameless && !extension.critical) {
    const message = 'subjectAltName is not critical, though there is no other name'
    yield error('subject_alternative_name_criticality', message)
  }
  if (webpki && !isNameless && extension.critical) {
    const message = 'subjectAltName is critical, though there is another name'
    yield error('subject_alternative_name_criticality', message)
  }
  for (const name of certificate.extensions.subjectAlternativeName ?? []) {
    yield* checkName(name)
    if (role === 'leaf' && webpki && rules.purpose === 'serverAuth') yield* checkType(name)
  }
}

function* checkName(name: GeneralName): Iterable<Remark> {
  if (name.kind === 'dns') yield* checkDns(name.text)
  const malformed =
    (name.kind === 'email' && parseMailbox(name.text) === null) ||
    (name.kind === 'uri' && !SCHEME.test(name.text)) ||
    (name.kind === 'ip' && !isAddress(name.octets))
  if (malformed) {
    const message = `A name of type ${name.kind} in subjectAltName is malformed`
    yield error('subject_alternative_name_malformed', message)
  }
}

/**
 * RFC 9525 §6.3: a wildcard is the whole first label and stands above two more; elsewhere it is no name. That is all of
 * CABF BR §3.2.2.6 that can be told without the list of public suffixes, which is not held here.
 */
function* checkDns(text: string): Iterable<Remark> {
  if (isDnsName(text)) return
  const base = wildcardBase(text)
  if (base === null && text.includes('*')) {
    const message = 'A wildcard in subjectAltName is not the whole first label of a host name'
    yield error('wildcard_forbidden', message)
  } else if (base === null) {
    const message = 'A name in subjectAltName is no host name'
    yield error('subject_alternative_name_malformed', message)
  } else if (!base.includes('.')) {
    const message = 'A wildcard in subjectAltName stands for a whole top-level domain'
    yield error('wildcard_on_public_suffix', message)
  }
}

function* checkType({ kind }: GeneralName): Iterable<Remark> {
  if (kind !== 'dns' && kind !== 'ip') {
    const message = `subjectAltName of a server certificate has a name of type ${kind}`
    yield error('subject_alternative_name_type', message)
  }
}
