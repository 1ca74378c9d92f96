import type { RequestFixture } from '../shared/fixture.ts'

const ADD = 'Add a certificate (P-Series developer guide)'
const TOKENS = 'Get access token (P-Series developer guide)'
const OTHERS = 'Certificate pages (P-Series developer guide)'

const COMMON = [
  ['User-Agent', 'OpenAPI'],
  ['Connection', 'close'],
] as const
const JSON_TYPE = ['Content-Type', 'application/json'] as const
const TOKEN = ['access_token', 'SESSION_TOKEN'] as const
const API = ['openapi', 'v1.0'] as const

export const DNS = {
  dnsProvider: 'alidns',
  dnsParameters: {
    AccessKeyId: 'AN_ACCESS_KEY_ID',
    AccessKeySecret: 'AN_ACCESS_KEY_SECRET',
    PropagationTimeout: 300,
    PollingInterval: 5,
    TTL: 600,
  },
} as const

const DNS_FIELDS =
  '"dns_provider":"alidns","auth_info_list":[{"k":"AccessKeyId","sv":"AN_ACCESS_KEY_ID"},{"k":"AccessKeySecret","sv":"AN_ACCESS_KEY_SECRET"},{"k":"PropagationTimeout","iv":300},{"k":"PollingInterval","iv":5},{"k":"TTL","iv":600}]'

function asked(
  path: readonly string[],
  query: readonly (readonly [string, string])[],
): RequestFixture['expected'] {
  return {
    method: 'GET',
    path: [...API, ...path],
    query: [...query, TOKEN],
    headers: COMMON,
    fields: [],
    encoding: null,
  }
}

function sent(
  path: readonly string[],
  text: string,
  { open = false, type = JSON_TYPE }: { open?: boolean; type?: readonly [string, string] } = {},
): RequestFixture['expected'] {
  return {
    method: 'POST',
    path: [...API, ...path],
    query: open ? [] : [TOKEN],
    headers: [...COMMON, type],
    fields: [],
    encoding: 'text',
    text,
  }
}

const trusted = { purpose: 'trusted-ca', pem: 'PEM', staged: 'example.crt', autoRenewal: null }
const server = { ...trusted, purpose: 'server', staged: 'example.pem' }
const BOUNDARY = '----LatchkeyFormBoundary'

export const pbxRequests: readonly RequestFixture[] = [
  {
    name: 'getting a token',
    source: TOKENS,
    operation: 'session.open',
    input: {},
    expected: sent(['get_token'], '{"username":"CLIENT_ID","password":"CLIENT_SECRET_1"}', {
      open: true,
    }),
  },
  {
    name: 'renewing a token',
    source: 'Refresh access token (P-Series developer guide)',
    operation: 'session.renew',
    input: { renewal: 'REFRESH_TOKEN' },
    expected: sent(['refresh_token'], '{"refresh_token":"REFRESH_TOKEN"}', { open: true }),
  },
  {
    name: 'giving a token back',
    source: 'Revoke access token (P-Series developer guide)',
    operation: 'session.close',
    input: {},
    expected: asked(['del_token'], []),
  },
  {
    name: 'uploading a file',
    source: ADD,
    operation: 'certificate.stage',
    input: { purpose: 'trusted-ca', fileName: 'example.domain.com.crt', pem: 'PEM' },
    expected: sent(
      ['certificate', 'upload'],
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="type"\r\n\r\ntrusted\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="example.domain.com.crt"\r\nContent-Type: application/x-pem-file\r\n\r\nPEM\r\n--${BOUNDARY}--\r\n`,
      { type: ['Content-Type', `multipart/form-data; boundary=${BOUNDARY}`] },
    ),
  },
  {
    name: 'adding a trusted certificate',
    source: ADD,
    operation: 'certificate.upload',
    input: trusted,
    expected: sent(['certificate', 'create'], '{"type":"trusted","name":"example.crt"}'),
  },
  {
    name: 'adding a server certificate',
    source: ADD,
    operation: 'certificate.upload',
    input: server,
    expected: sent(
      ['certificate', 'create'],
      '{"type":"server","ca_type":"upload","name":"example.pem","auto_renewal":0}',
    ),
  },
  {
    name: 'adding a server certificate that renews itself',
    source: ADD,
    operation: 'certificate.upload',
    input: { ...server, autoRenewal: DNS },
    expected: sent(
      ['certificate', 'create'],
      `{"type":"server","ca_type":"upload","name":"example.pem","auto_renewal":1,${DNS_FIELDS}}`,
    ),
  },
  {
    name: 'applying for a certificate',
    source: ADD,
    operation: 'certificate.apply',
    input: { domain: 'docstest.example.com', ...DNS },
    expected: sent(
      ['certificate', 'create'],
      `{"type":"server","ca_type":"apply","issue_to":"docstest.example.com",${DNS_FIELDS}}`,
    ),
  },
  {
    name: 'turning auto-renewal on',
    source: OTHERS,
    operation: 'certificate.update',
    input: { upstreamId: '7', autoRenewal: DNS },
    expected: sent(['certificate', 'update'], `{"id":7,"auto_renewal":1,${DNS_FIELDS}}`),
  },
  {
    name: 'turning auto-renewal off',
    source: OTHERS,
    operation: 'certificate.update',
    input: { upstreamId: '7', autoRenewal: null },
    expected: sent(['certificate', 'update'], '{"id":7,"auto_renewal":0}'),
  },
  {
    name: 'putting a certificate in use',
    source: 'Web server (P-Series developer guide)',
    operation: 'certificate.activate',
    input: { name: 'example.pem' },
    expected: sent(['webserver', 'update'], '{"https_cert":"example.pem"}'),
  },
  {
    name: 'listing certificates',
    source: OTHERS,
    operation: 'certificate.list',
    input: { purpose: 'trusted-ca', cursor: '2/50' },
    expected: asked(
      ['certificate', 'list'],
      [
        ['page', '2'],
        ['page_size', '50'],
        ['sort_by', 'id'],
        ['order_by', 'asc'],
        ['type', 'trusted'],
      ],
    ),
  },
  {
    name: 'getting one certificate',
    source: OTHERS,
    operation: 'certificate.get',
    input: { upstreamIds: ['7'] },
    expected: asked(['certificate', 'get'], [['id', '7']]),
  },
  {
    name: 'getting several certificates',
    source: OTHERS,
    operation: 'certificate.get',
    input: { upstreamIds: ['7', '8'] },
    expected: asked(['certificate', 'query'], [['ids', '7,8']]),
  },
  {
    name: 'deleting a certificate',
    source: OTHERS,
    operation: 'certificate.remove',
    input: { purpose: 'server', upstreamId: '7' },
    expected: asked(['certificate', 'delete'], [['id', '7']]),
  },
  {
    name: 'checking the connection',
    source: OTHERS,
    operation: 'connection.check',
    input: {},
    expected: asked(['certificate', 'list'], [['page_size', '1']]),
  },
]
