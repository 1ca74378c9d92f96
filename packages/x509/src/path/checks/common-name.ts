import { error, type Remark } from '../../findings.ts'
import { formatAddress, isAddress } from '../../names/ip.ts'
import type { GeneralName } from '../../read/general-name.ts'
import { attributesOf } from '../../read/name.ts'
import { ATTRIBUTE } from '../../read/oid.ts'
import type { Place } from '../place.ts'

/**
 * CABF BR §7.1.4.3: a common name repeats one of the names that count, character for character. One that does not
 * would tell people, and software that still reads it, about another host than was proven.
 */
export function* checkCommonName({ certificate, role, rules }: Place): Iterable<Remark> {
  if (role !== 'leaf' || rules.profile !== 'webpki') return
  const hosts = (certificate.extensions.subjectAlternativeName ?? []).flatMap(textsOf)
  const commonNames = attributesOf(certificate.subject, ATTRIBUTE.commonName)
  // Certificates for people and directories are not what the rule is about.
  if (hosts.length === 0 && rules.purpose !== 'serverAuth') return
  if (commonNames.length > 1) {
    const message = 'The subject has more than one common name'
    yield error('common_name_not_in_subject_alternative_name', message)
  } else if (commonNames.some(({ text }) => text === null || !hosts.includes(text))) {
    const message = 'The common name is not one of the names in subjectAltName'
    yield error('common_name_not_in_subject_alternative_name', message)
  }
}

function textsOf(name: GeneralName): readonly string[] {
  if (name.kind === 'dns') return [name.text]
  return name.kind === 'ip' && isAddress(name.octets) ? [formatAddress(name.octets)] : []
}
