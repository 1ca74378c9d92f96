import type { Context } from 'hono'
import { expiryOf, itemOf, type Certificate, type CertificateItem } from './certificate.ts'
import { CERTIFICATE_TYPES } from './certificate-file.ts'
import { invalidParameter, pbxAnswer } from './errors.ts'
import { choiceOf, countOf, requiredCount } from './parameters.ts'
import { findById, nowOf, type Pbx } from './pbx.ts'

/** Smaller than all that the PBX can hold: whoever reads one page alone misses some. */
const DEFAULT_PAGE_SIZE = 20

const SORT_FIELDS = ['id', 'name', 'issue_to', 'expiration', 'type'] as const

/** GET certificate/list. */
export function listCertificates(pbx: Pbx, c: Context): Response {
  const query = c.req.query()
  const page = countOf(query.page, 'page') ?? 1
  const size = countOf(query.page_size, 'page_size') ?? DEFAULT_PAGE_SIZE
  const sortBy = choiceOf(query.sort_by, 'sort_by', SORT_FIELDS) ?? 'id'
  const order = choiceOf(query.order_by, 'order_by', ['asc', 'desc']) ?? 'asc'
  const type = choiceOf(query.type, 'type', CERTIFICATE_TYPES)
  const found = [...pbx.certificates.values()]
    .filter((each) => type === undefined || each.type === type)
    .toSorted((a, b) => compare(sortKey(pbx, a, sortBy), sortKey(pbx, b, sortBy)))
  if (order === 'desc') found.reverse()
  return listAnswer(pbx, found, found.slice((page - 1) * size, page * size))
}

/** GET certificate/get. */
export function getCertificate(pbx: Pbx, c: Context): Response {
  const certificate = findById(pbx, requiredCount(c.req.query('id'), 'id'))
  return pbxAnswer(0, { certificate: show(pbx, certificate) })
}

/** GET certificate/query: those of the ids that there are. */
export function queryCertificates(pbx: Pbx, c: Context): Response {
  const given = c.req.query('ids') ?? ''
  if (given === '') throw invalidParameter('ids', 'required')
  const ids = given.split(',').map((id) => countOf(id, 'ids') ?? 0)
  const found = ids.flatMap((id) => pbx.certificates.get(id) ?? [])
  return listAnswer(pbx, found, found)
}

export function show(pbx: Pbx, certificate: Certificate): CertificateItem {
  return itemOf(certificate, nowOf(pbx), pbx.knobs.current.expiration)
}

function listAnswer(pbx: Pbx, all: readonly Certificate[], page: readonly Certificate[]): Response {
  const list = page.map((each) => show(pbx, each))
  return pbxAnswer(0, { total_number: all.length, certificate_list: list })
}

function sortKey(pbx: Pbx, certificate: Certificate, by: (typeof SORT_FIELDS)[number]) {
  switch (by) {
    case 'id':
      return certificate.id
    case 'name':
      return certificate.name
    case 'issue_to':
      return certificate.issueTo
    case 'expiration':
      return expiryOf(certificate, nowOf(pbx)) ?? 0
    case 'type':
      return certificate.type
  }
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
