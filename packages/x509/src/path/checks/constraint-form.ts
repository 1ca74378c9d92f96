import { error, type Remark } from '../../findings.ts'
import { isDnsName } from '../../names/dns.ts'
import { isMailboxConstraint } from '../../names/email.ts'
import { isRange } from '../../names/ip.ts'
import { isUriConstraint } from '../../names/uri.ts'
import type { GeneralName } from '../../read/general-name.ts'
import { EXTENSION } from '../../read/oid.ts'
import type { Place } from '../place.ts'

/** Name constraints that nobody can tell the meaning of, or that stand where nothing is constrained. */
export function* checkConstraintForm({ certificate, role }: Place): Iterable<Remark> {
  const { extensionList, extensions } = certificate
  if (extensionList.every(({ oid }) => oid !== EXTENSION.nameConstraints)) return
  if (role === 'leaf' && extensions.basicConstraints?.ca !== true) {
    const message = 'nameConstraints is on a certificate that is no authority'
    yield error('name_constraints_misplaced', message)
  }
  const { permitted = [], excluded = [] } = extensions.nameConstraints ?? {}
  const malformed = [...permitted, ...excluded].find((base) => !isSound(base))
  if (malformed !== undefined) {
    const message = `A constraint of type ${malformed.kind} is malformed`
    yield error('name_constraints_malformed', message)
  }
}

function isSound(base: GeneralName): boolean {
  switch (base.kind) {
    // RFC 5280 §4.2.1.10: any number of labels; a leading dot is for e-mail and URIs alone.
    case 'dns':
      return base.text === '' || isDnsName(base.text)
    case 'email':
      return isMailboxConstraint(base.text)
    case 'uri':
      return isUriConstraint(base.text)
    case 'ip':
      return isRange(base.octets)
    case 'directory':
    case 'other':
    case 'x400':
    case 'ediParty':
      return true
  }
}
