import type { AnswerFixture, ExpectedFault } from '../shared/fixture.ts'

const ADD = 'Add a certificate (P-Series developer guide)'
const OTHERS = 'Certificate pages (P-Series developer guide)'
const TOKENS = 'Get access token (P-Series developer guide)'
const CODES = 'Error code and error message (P-Series developer guide)'

/** The PBX answers 200 to everything. */
function answered(body: object): AnswerFixture['response'] {
  return { status: 200, body: JSON.stringify(body) }
}

const OK = { errcode: 0, errmsg: 'SUCCESS' }
const ITEM = {
  id: 7,
  name: 'docstest.example.com.pem',
  type: 'server',
  issue_to: 'docstest.example.com',
  expiration: '2026/12/24 08:09:10',
  ca_type: 'apply',
  auto_renewal: 1,
  dns_provider: 'alidns',
  apply_status: 'issuance_success',
  // What the PBX shows of others' secrets, and nobody here may see.
  auth_info_list: [{ k: 'AccessKeySecret', sv: 'CLIENT_SECRET_1' }],
}
const LISTED = {
  upstreamId: '7',
  purpose: 'server',
  name: 'docstest.example.com.pem',
  status: 'installed',
  origin: 'apply',
  issuedTo: 'docstest.example.com',
  notAfter: Date.UTC(2026, 11, 24, 8, 9, 10),
  pem: null,
  autoRenewal: { enabled: true, dnsProvider: 'alidns' },
  problem: null,
}
const FAILED = { ...ITEM, apply_status: 'issuance_fail', apply_tip_code: 3, expiration: '' }
const TRUSTED = { id: 9, name: 'ca.crt', type: 'trusted', issue_to: 'Some CA', expiration: 'soon' }

const listing = { purpose: 'server', cursor: null }
const upload = { purpose: 'server', pem: 'PEM', staged: 'a.pem', autoRenewal: null }

const successes: readonly AnswerFixture[] = [
  {
    name: 'a token',
    source: TOKENS,
    operation: 'session.open',
    response: answered({
      ...OK,
      access_token_expire_time: 1800,
      access_token: 'ACCESS',
      refresh_token_expire_time: 86_400,
      refresh_token: 'REFRESH',
    }),
    expected: {
      value: { secret: 'ACCESS', expiresAt: Date.UTC(2026, 8, 1, 0, 30), renewal: 'REFRESH' },
    },
  },
  {
    name: 'a token renewed',
    source: 'Refresh access token (P-Series developer guide)',
    operation: 'session.renew',
    input: { renewal: 'REFRESH' },
    response: answered({
      ...OK,
      access_token_expire_time: 900,
      access_token: 'NEXT',
      refresh_token_expire_time: 86_400,
      refresh_token: 'NEXT_REFRESH',
    }),
    expected: {
      value: { secret: 'NEXT', expiresAt: Date.UTC(2026, 8, 1, 0, 15), renewal: 'NEXT_REFRESH' },
    },
  },
  {
    name: 'a token given back',
    source: 'Revoke access token (P-Series developer guide)',
    operation: 'session.close',
    response: answered(OK),
    expected: { value: {} },
  },
  {
    name: 'the certificates of a type, without secrets',
    source: OTHERS,
    operation: 'certificate.list',
    input: listing,
    response: answered({ ...OK, total_number: 2, certificate_list: [ITEM, TRUSTED] }),
    expected: { value: { certificates: [LISTED], nextCursor: null } },
  },
  {
    name: 'a page of many',
    source: OTHERS,
    operation: 'certificate.list',
    input: listing,
    response: answered({ ...OK, total_number: 51, certificate_list: [ITEM] }),
    expected: { value: { certificates: [LISTED], nextCursor: '2/1' } },
  },
  {
    name: 'no certificates',
    source: OTHERS,
    operation: 'certificate.list',
    input: listing,
    response: answered({ ...OK, total_number: 0 }),
    expected: { value: { certificates: [], nextCursor: null } },
  },
  {
    name: 'one whose application failed',
    source: OTHERS,
    operation: 'certificate.get',
    input: { upstreamIds: ['7'] },
    response: answered({ ...OK, certificate: FAILED }),
    expected: {
      value: {
        certificates: [
          {
            ...LISTED,
            status: 'failed',
            notAfter: null,
            problem: 'The PBX could not obtain or renew it: apply_tip_code 3, of the DNS provider',
          },
        ],
      },
    },
  },
  {
    name: 'several of which one is there',
    source: OTHERS,
    operation: 'certificate.get',
    input: { upstreamIds: ['7', '8'] },
    response: answered({ ...OK, total_number: 1, certificate_list: [ITEM] }),
    expected: { value: { certificates: [LISTED] } },
  },
  {
    name: 'several that are gone',
    source: CODES,
    operation: 'certificate.get',
    input: { upstreamIds: ['7', '8'] },
    response: answered({ errcode: 60_001, errmsg: 'DATA NOT FOUND' }),
    expected: { value: { certificates: [] } },
  },
  {
    name: 'one that is gone',
    source: CODES,
    operation: 'certificate.get',
    input: { upstreamIds: ['7'] },
    response: answered({ errcode: 60_001, errmsg: 'DATA NOT FOUND' }),
    expected: { value: { certificates: [] } },
  },
  {
    name: 'a file that was uploaded',
    source: ADD,
    operation: 'certificate.stage',
    input: { purpose: 'trusted-ca', fileName: 'a.crt', pem: 'PEM' },
    response: answered({ ...OK, file: 'example.domain.com.crt' }),
    expected: { value: { fileName: 'example.domain.com.crt' } },
  },
  {
    name: 'a certificate that was added',
    source: ADD,
    operation: 'certificate.upload',
    input: upload,
    response: answered({ ...OK, name: 'example.crt', apply_status: 'issuance_success' }),
    expected: { value: { name: 'example.crt', status: 'installed' } },
  },
  {
    name: 'an application under way',
    source: ADD,
    operation: 'certificate.apply',
    input: { domain: 'docstest.example.com', dnsProvider: 'other', dnsParameters: {} },
    response: answered({ ...OK, name: 'docstest.example.com.pem', apply_status: 'issuing' }),
    expected: { value: { name: 'docstest.example.com.pem', status: 'pending' } },
  },
  {
    name: 'an upload that is being processed, without more',
    source: CODES,
    operation: 'certificate.upload',
    input: upload,
    response: answered({ errcode: 2, errmsg: 'PROCESSING' }),
    expected: { value: { name: null, status: 'pending' } },
  },
  ...[1, 2].map((errcode) => ({
    name: `code ${errcode}, which is no failure`,
    source: CODES,
    operation: 'certificate.remove' as const,
    input: { purpose: 'server', upstreamId: '7' },
    response: answered({ errcode, errmsg: 'PROCESSING', reboot: 1, apply: 1 }),
    expected: { value: {} },
  })),
]

/** What a write that was answered with a code comes to. */
function refusal(errcode: number, fault: Omit<ExpectedFault, 'upstreamCode'>): AnswerFixture {
  return {
    name: `code ${errcode}`,
    source: CODES,
    operation: 'certificate.upload',
    input: upload,
    response: answered({
      errcode,
      errmsg: 'FAILURE',
      invalid_param_list: [{ field: 'name', validation_type: 'range' }],
      duplicate_field_list: [{ field: 'name', value: 'a.pem' }],
    }),
    expected: { fault: { ...fault, upstreamCode: String(errcode) } },
  }
}

const rejected = { code: 'upstream_rejected', effect: 'no', retryable: false } as const
const unauthorized = { code: 'upstream_unauthorized', effect: 'no', retryable: false } as const

const refusals: readonly AnswerFixture[] = [
  ...[-1, 10_001, 40_002, 40_003, 40_004, 60_001, 60_002, 70_084, 70_091].map((code) =>
    refusal(code, rejected),
  ),
  ...[10_004, 10_005, 70_004, 70_087].map((code) => refusal(code, unauthorized)),
  refusal(70_082, { code: 'upstream_unavailable', effect: 'no', retryable: true }),
  { ...refusal(70_999, { ...rejected, effect: 'unknown' }), name: 'a code behind the table' },
  refusal(-2, { code: 'upstream_unavailable', effect: 'unknown', retryable: true }),
  {
    ...refusal(-1, unauthorized),
    name: 'credentials that are refused',
    source: TOKENS,
    operation: 'session.open',
    input: {},
  },
  {
    ...refusal(60_002, {
      code: 'upstream_rate_limited',
      effect: 'no',
      retryable: true,
      retryAfterMs: 300_000,
    }),
    name: 'too many tokens',
    source: 'Reports of API users',
    operation: 'session.open',
    input: {},
  },
]

export const pbxAnswers: readonly AnswerFixture[] = [...successes, ...refusals]
