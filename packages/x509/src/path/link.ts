import { error, type Remark, warning } from '../findings.ts'
import { equalBytes } from '../read/bytes.ts'
import { isSignedBy, signatureSchemeOf } from '../signature/signed.ts'
import type { Budget } from './budget.ts'
import { namesOtherKey } from './checks/key-identifiers.ts'
import type { JudgedPlace, Place } from './place.ts'

/** Tells what is wrong between a certificate and the authority that may have issued it. */
export type LinkCheck = (child: JudgedPlace, issuer: JudgedPlace) => Promise<readonly Remark[]>

/** Each pair is looked at once, however many paths it is part of. */
export function createLinkCheck(budget: Budget): LinkCheck {
  const known = new Map<Place, Map<Place, Promise<readonly Remark[]>>>()
  return (child, issuer) => {
    const links = known.get(child) ?? new Map<Place, Promise<readonly Remark[]>>()
    known.set(child, links)
    const link = links.get(issuer) ?? checkLink(child, issuer, budget)
    links.set(issuer, link)
    return link
  }
}

async function checkLink(child: Place, issuer: Place, budget: Budget): Promise<readonly Remark[]> {
  const webpki = child.rules.profile === 'webpki'
  const grade = webpki ? error : warning
  const remarks: Remark[] = []
  if (namesOtherKey(child.certificate, issuer.certificate)) {
    const message = 'authorityKeyIdentifier names another key than the authority has'
    remarks.push(grade('key_identifier_mismatch', message))
    // Said by its own issuer: there is no need to pay for the signature.
    if (webpki) return remarks
  }
  if (!equalBytes(child.certificate.issuer.raw, issuer.certificate.subject.raw)) {
    const message = 'The issuer is not spelled as the authority spells its own name'
    remarks.push(grade('name_chaining_inexact', message))
  }
  const { key } = issuer
  const scheme = signatureSchemeOf(child.certificate)
  if (webpki && key?.kind === 'EC' && scheme?.kind === 'ECDSA' && key.curve.hash !== scheme.hash) {
    const message = `A key on ${key.curve.name} signs with ${key.curve.hash} alone`
    remarks.push(error('signature_algorithm_unsupported', message))
  }
  budget.spend('signatures')
  if (!(await isSignedBy(child.certificate, key))) {
    remarks.push(error('signature_invalid', 'The signature is not by the authority that is named'))
  }
  return remarks
}
