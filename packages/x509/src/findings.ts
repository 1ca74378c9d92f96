import type { Role } from './rules.ts'

/** An error makes a path invalid; a warning tells of what others may refuse. */
export type Severity = 'error' | 'warning'

/** Every code, with the rule that it is about. CABF BR sections are those of version 2. */
export const FINDINGS = {
  // What is read.
  certificate_malformed: 'RFC 5280 §4.1',
  crl_malformed: 'RFC 5280 §5.1',
  extension_malformed: 'RFC 5280 §4.2',
  extension_duplicate: 'RFC 5280 §4.2',
  extension_unknown_critical: 'RFC 5280 §6.1.4 (o)',
  extension_must_be_critical: 'RFC 5280 §4.2.1',
  extension_should_be_critical: 'RFC 5280 §4.2.1.3',
  extension_must_not_be_critical: 'RFC 5280 §4.2',
  extension_forbidden_by_profile: 'CABF BR §7.1.2',
  version_unsupported: 'RFC 5280 §4.1.2.1',
  serial_not_positive: 'RFC 5280 §4.1.2.2',
  serial_too_long: 'RFC 5280 §4.1.2.2',
  issuer_empty: 'RFC 5280 §4.1.2.4',
  subject_empty: 'RFC 5280 §4.1.2.6',
  unique_id_present: 'RFC 5280 §4.1.2.8',
  // Dates.
  expired: 'RFC 5280 §4.1.2.5',
  not_yet_valid: 'RFC 5280 §4.1.2.5',
  validity_form_wrong: 'RFC 5280 §4.1.2.5',
  // Keys and signatures.
  key_malformed: 'RFC 5280 §4.1.2.7',
  key_too_weak: 'CABF BR §6.1.5',
  key_unsupported: 'CABF BR §6.1.5',
  signature_algorithm_mismatch: 'RFC 5280 §4.1.1.2',
  signature_algorithm_weak: 'CABF BR §7.1.3.2',
  signature_algorithm_unsupported: 'CABF BR §7.1.3.2',
  signature_invalid: 'RFC 5280 §6.1.3 (a)(1)',
  // What a certificate may be used for.
  not_a_ca: 'RFC 5280 §4.2.1.9',
  ca_as_leaf: 'CABF BR §7.1.2.7.8',
  path_length_misplaced: 'RFC 5280 §4.2.1.9',
  path_length_exceeded: 'RFC 5280 §6.1.4 (m)',
  key_usage_missing: 'RFC 5280 §4.2.1.3',
  key_usage_wrong: 'RFC 5280 §4.2.1.3',
  extended_key_usage_missing: 'CABF BR §7.1.2.7.6',
  extended_key_usage_wrong: 'RFC 5280 §4.2.1.12',
  extended_key_usage_forbidden: 'CABF BR §7.1.2.7.10',
  // Identifiers of keys.
  authority_key_identifier_missing: 'RFC 5280 §4.2.1.1',
  authority_key_identifier_form: 'CABF BR §7.1.2.11.1',
  subject_key_identifier_missing: 'RFC 5280 §4.2.1.2',
  key_identifier_mismatch: 'RFC 5280 §4.2.1.1',
  // Names.
  subject_alternative_name_missing: 'CABF BR §7.1.2.7.12',
  subject_alternative_name_criticality: 'CABF BR §7.1.2.7.12',
  subject_alternative_name_type: 'CABF BR §7.1.2.7.12',
  subject_alternative_name_malformed: 'RFC 5280 §4.2.1.6',
  wildcard_forbidden: 'RFC 9525 §6.3',
  wildcard_on_public_suffix: 'CABF BR §3.2.2.6',
  common_name_not_in_subject_alternative_name: 'CABF BR §7.1.4.3',
  reference_malformed: 'RFC 9525 §6.1',
  hostname_mismatch: 'RFC 9525 §6.3',
  ip_mismatch: 'RFC 9525 §6.4',
  email_mismatch: 'RFC 5280 §4.2.1.6',
  // Name constraints.
  name_constraints_misplaced: 'RFC 5280 §4.2.1.10',
  name_constraints_malformed: 'RFC 5280 §4.2.1.10',
  name_not_permitted: 'RFC 5280 §6.1.3 (b)',
  name_excluded: 'RFC 5280 §6.1.3 (c)',
  name_not_checkable: 'RFC 5280 §4.2.1.10',
  // Policies.
  policy_missing: 'RFC 5280 §6.1.5 (g)',
  policy_mapping_wrong: 'RFC 5280 §6.1.4 (a)',
  // Paths.
  name_chaining_inexact: 'CABF BR §7.1.4.1',
  issuer_not_found: 'RFC 5280 §6.1',
  no_trust_anchor: 'RFC 5280 §6.1.1 (d)',
  path_too_long: 'RFC 5280 §6.1',
  work_exceeded: 'RFC 5280 §8',
  // Revocation.
  revoked: 'RFC 5280 §6.3.3',
  revocation_unknown: 'RFC 5280 §6.3.3',
  crl_unusable: 'RFC 5280 §6.3.3',
} as const satisfies Record<string, string>

export type FindingCode = keyof typeof FINDINGS

/** What a check says, before it is known about which certificate. */
export interface Remark {
  readonly code: FindingCode
  readonly severity: Severity
  readonly message: string
}

export interface Finding extends Remark {
  /** The section that the rule stands in. */
  readonly source: string
  /** Which certificate it is about; none where it is about the request or the whole path. */
  readonly certificate?: { readonly role: Role; readonly subject: string }
}

export function error(code: FindingCode, message: string): Remark {
  return { code, severity: 'error', message }
}

export function warning(code: FindingCode, message: string): Remark {
  return { code, severity: 'warning', message }
}

export function toFinding(remark: Remark, certificate?: Finding['certificate']): Finding {
  const source = FINDINGS[remark.code]
  return certificate === undefined ? { ...remark, source } : { ...remark, source, certificate }
}

export function isError({ severity }: { readonly severity: Severity }): boolean {
  return severity === 'error'
}
