import { X509Certificate } from 'node:crypto'
import { DAY, HOUR } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { fingerprintOf } from '../shared/pem.ts'
import { testSandbox } from '../testing/call.ts'
import { mintChain } from '../testing/chains.ts'
import { TEST_TIME } from '../testing/clock.ts'
import { containing } from '../testing/containing.ts'
import { callPbx, pbxClient, type PbxClient } from '../testing/pbx.ts'

// workerd's checkPrivateKey() is false for every key, so files with keys are read on hosts alone.

const CREATE = 'certificate/create'
const LIST = 'certificate/list'
const UPDATE = 'certificate/update'
const OK = { errcode: 0, errmsg: 'SUCCESS' }
const DNS = { dns_provider: 'other', auth_info_list: [{ k: 'Token', sv: 'x' }] }

const chain = mintChain()
const other = mintChain({ notAfter: TEST_TIME + 30 * DAY, dnsNames: ['sip.example.com'] })
const SERVER_FILE = `${chain.leaf.privateKey}${chain.leaf.certificate}${chain.intermediate.certificate}`
const OTHER_FILE = `${other.leaf.certificate}${other.leaf.privateKey}`

async function openPbx() {
  const sandbox = testSandbox()
  return { sandbox, client: await pbxClient(sandbox) }
}

async function importTrusted(client: PbxClient, name: string): Promise<unknown> {
  await client.upload('trusted', name, chain.root.certificate)
  return client.post(CREATE, { type: 'trusted', name })
}

async function importServer(client: PbxClient, name: string, rest: object = {}): Promise<unknown> {
  await client.upload('server', name, SERVER_FILE)
  return client.post(CREATE, { type: 'server', ca_type: 'upload', name, ...rest })
}

function invalid(field: string): unknown {
  return containing({ errcode: 40002, invalid_param_list: [containing({ field })] })
}

describe('a certificate that is imported', () => {
  test('is read out of its file: domain, expiry, and the fields of its type', async () => {
    const { sandbox, client } = await openPbx()
    expect(await importTrusted(client, 'ca.crt')).toEqual({
      ...OK,
      name: 'ca.crt',
      apply_status: 'issuance_success',
    })
    await importServer(client, 'wa.pem')
    const expiration = '2027/02/19 12:00:00'
    const apply_status = 'issuance_success'
    expect(await client.get(LIST)).toEqual({
      ...OK,
      total_number: 2,
      certificate_list: [
        {
          id: 1,
          name: 'ca.crt',
          type: 'trusted',
          issue_to: 'Test root',
          expiration,
          apply_status,
        },
        {
          id: 2,
          name: 'wa.pem',
          type: 'server',
          issue_to: 'wa.example.com',
          expiration,
          ca_type: 'upload',
          auto_renewal: 0,
          dns_provider: '',
          apply_status,
          auth_info_list: [],
        },
      ],
    })
    const { certificates, uploads } = (await sandbox.control.state('pbx')).details
    expect(certificates[1]?.fingerprint).toBe(
      fingerprintOf(new X509Certificate(chain.leaf.certificate)),
    )
    expect(uploads).toEqual([])
  })

  test.each([
    ['dashes', '2027-02-19 12:00:00'],
    ['openssl', 'Feb 19 12:00:00 2027 GMT'],
    ['rfc3339', '2027-02-19T12:00:00.000Z'],
    ['epoch', '1803038400'],
  ] as const)('writes its expiration by the knob as %s', async (expiration, written) => {
    const { sandbox, client } = await openPbx()
    await sandbox.control.setKnobs('pbx', { expiration })
    await importTrusted(client, 'ca.crt')
    expect(await client.get('certificate/get', { id: '1' })).toMatchObject({
      certificate: { expiration: written },
    })
  })

  test('renews itself where the DNS access is given with it', async () => {
    const { client } = await openPbx()
    expect(await importServer(client, 'wa.pem', { auto_renewal: 1 })).toEqual(
      invalid('dns_provider'),
    )
    expect(await importServer(client, 'wa.pem', { auto_renewal: 2 })).toEqual(
      invalid('auto_renewal'),
    )
    expect(await importServer(client, 'wa.pem', { auto_renewal: 1, ...DNS })).toMatchObject(OK)
    expect(await client.get(LIST)).toMatchObject({
      certificate_list: [{ auto_renewal: 1, ...DNS }],
    })
  })

  test.each([
    ['is no certificate', 'trusted', 'not a certificate'],
    ['has no private key', 'server', chain.leaf.certificate],
    ['has the key of another', 'server', other.leaf.privateKey + chain.leaf.certificate],
  ])('is refused with 40002 where its file %s', async (_, type, content) => {
    const { client } = await openPbx()
    expect(await client.upload(type, 'x.pem', content)).toMatchObject(OK)
    const created = await client.post(CREATE, { type, ca_type: 'upload', name: 'x.pem' })
    expect(created).toEqual(invalid('name'))
  })

  test('needs no private key by knob, and takes DER', async () => {
    const { sandbox, client } = await openPbx()
    await sandbox.control.setKnobs('pbx', { serverFile: 'any' })
    const body = new FormData()
    body.set('type', 'server')
    const der = new X509Certificate(chain.leaf.certificate).raw
    body.set('file', new File([new Uint8Array(der)], 'wa.cer'))
    const upload = `certificate/upload?access_token=${client.token}`
    await callPbx(sandbox, upload, { method: 'POST', body })
    const created = { type: 'server', ca_type: 'upload', name: 'wa.cer' }
    expect(await client.post(CREATE, created)).toMatchObject(OK)
  })

  test('is one of 3 for the server and 20 trusted, and its name is there once', async () => {
    const { client } = await openPbx()
    for (let count = 1; count <= 20; count += 1)
      expect(await importTrusted(client, `ca-${count}.crt`)).toMatchObject(OK)
    expect(await importTrusted(client, 'ca-21.crt')).toMatchObject({ errcode: 60002 })
    expect(await importTrusted(client, 'ca-20.crt')).toMatchObject({ errcode: 40003 })
    for (let count = 1; count <= 3; count += 1)
      expect(await importServer(client, `wa-${count}.pem`)).toMatchObject(OK)
    expect(await importServer(client, 'wa-4.pem')).toMatchObject({ errcode: 60002 })
    // The default page is smaller than all that there is.
    expect(await client.get(LIST)).toMatchObject({ total_number: 23 })
    const names = async (query: Record<string, string>) =>
      [...JSON.stringify(await client.get(LIST, query)).matchAll(/"name":"([^"]+)"/g)].map(
        ([, name]) => name,
      )
    expect((await names({})).length).toBe(20)
    expect(await names({ page: '2' })).toEqual(['wa-1.pem', 'wa-2.pem', 'wa-3.pem'])
    const last = { type: 'server', sort_by: 'name', order_by: 'desc', page_size: '1', page: '3' }
    expect(await names(last)).toEqual(['wa-1.pem'])
    expect(await client.get(LIST, { sort_by: 'size' })).toEqual(invalid('sort_by'))
    expect(await client.get(LIST, { page: '0' })).toEqual(invalid('page'))
  })

  // The answer to a create is lost and it is sent again: its own certificate is in the way.
  test('is a duplicate of itself when it is created again', async () => {
    const { sandbox, client } = await openPbx()
    await client.upload('trusted', 'ca.crt', chain.root.certificate)
    await sandbox.control.addFault({
      upstream: 'pbx',
      path: '/openapi/v1.0/certificate/create',
      apply: 'now',
      answer: { kind: 'respond', status: 504 },
    })
    await client.post(CREATE, { type: 'trusted', name: 'ca.crt' })
    const again = await client.post(CREATE, { type: 'trusted', name: 'ca.crt' })
    expect(again).toMatchObject({ errcode: 40003 })
    expect((await sandbox.control.state('pbx')).details.certificates.length).toBe(1)
  })
})

describe('the temporary storage', () => {
  test('forgets a file after an hour, and keeps the last part of its path as name', async () => {
    const { sandbox, client } = await openPbx()
    const path = String.raw`C:\certificates\ca.crt`
    expect(await client.upload('trusted', path, chain.root.certificate)).toEqual({
      ...OK,
      file: 'ca.crt',
    })
    await sandbox.control.advanceClock(HOUR - 1)
    expect((await sandbox.control.state('pbx')).details.uploads).toEqual([
      { name: 'ca.crt', type: 'trusted' },
    ])
    await sandbox.control.advanceClock(1)
    const fresh = await pbxClient(sandbox)
    expect(await fresh.post(CREATE, { type: 'trusted', name: 'ca.crt' })).toEqual(invalid('name'))
  })

  test('renames a file by knob: only the answer tells its name', async () => {
    const { sandbox, client } = await openPbx()
    await sandbox.control.setKnobs('pbx', { uploadNames: 'renamed' })
    expect(await client.upload('trusted', 'ca.crt', chain.root.certificate)).toMatchObject({
      file: 'ca_1.crt',
    })
    expect(await client.upload('trusted', 'ca', chain.root.certificate)).toMatchObject({
      file: 'ca_2',
    })
    const create = (name: string) => client.post(CREATE, { type: 'trusted', name })
    expect(await create('ca.crt')).toEqual(invalid('name'))
    expect(await create('ca_1.crt')).toMatchObject(OK)
  })

  test('refuses what has no type or no file, is too large, or is no form', async () => {
    const { sandbox, client } = await openPbx()
    expect(await client.upload('client', 'x', 'x')).toEqual(invalid('type'))
    expect(await client.upload('trusted', 'x', '')).toEqual(invalid('file'))
    const large = 'x'.repeat(1024 * 1024 + 1)
    expect(await client.upload('trusted', 'x', large)).toMatchObject({ errcode: 40004 })
    const upload = `certificate/upload?access_token=${client.token}`
    const { json } = await callPbx(sandbox, upload, { method: 'POST', body: 'x' })
    expect(json).toMatchObject({ errcode: 40001 })
  })

  // A key belongs to a server certificate alone: sent with a trusted one it has leaked.
  test('counts a private key that is sent with a trusted certificate as an incident', async () => {
    const { sandbox, client } = await openPbx()
    await client.upload('server', 'wa.pem', SERVER_FILE)
    expect(await sandbox.control.incidents()).toEqual([])
    await client.upload('trusted', 'wa.pem', SERVER_FILE)
    expect(await sandbox.control.incidents()).toEqual([
      containing({ kind: 'private-key', upstream: 'pbx' }),
    ])
  })
})

describe('a certificate that is there', () => {
  test('is found by get and query; get tells one that is not', async () => {
    const { client } = await openPbx()
    await importTrusted(client, 'a.crt')
    await importTrusted(client, 'b.crt')
    expect(await client.get('certificate/query', { ids: '2,9,1' })).toMatchObject({
      total_number: 2,
      certificate_list: [{ id: 2 }, { id: 1 }],
    })
    expect(await client.get('certificate/query')).toEqual(invalid('ids'))
    expect(await client.get('certificate/get', { id: '9' })).toMatchObject({ errcode: 60001 })
    expect(await client.get('certificate/get', { id: 'x' })).toEqual(invalid('id'))
    expect(await client.get('certificate/get')).toEqual(invalid('id'))
  })

  test('takes another file under its id, and its renewal is turned on and off', async () => {
    const { sandbox, client } = await openPbx()
    await importServer(client, 'wa.pem')
    await client.post('webserver/update', { https_cert: 'wa.pem' })
    expect(await client.post(UPDATE, { id: 1, auto_renewal: 1 })).toEqual(invalid('dns_provider'))
    expect(await client.post(UPDATE, { id: 1, auto_renewal: 1, ...DNS })).toEqual(OK)
    await client.upload('server', 'sip.pem', OTHER_FILE)
    expect(await client.post(UPDATE, { id: 1, name: 'sip.pem', auto_renewal: 0 })).toEqual(OK)
    const { certificates, httpsCertificate } = (await sandbox.control.state('pbx')).details
    expect(certificates).toEqual([
      containing({
        id: 1,
        name: 'sip.pem',
        issue_to: 'sip.example.com',
        expiration: '2026/12/21 12:00:00',
        auto_renewal: 0,
      }),
    ])
    expect(httpsCertificate).toBe('sip.pem')
  })

  test('is changed only where it is a server certificate, and by its number', async () => {
    const { client } = await openPbx()
    await importTrusted(client, 'ca.crt')
    expect(await client.post(UPDATE, { id: 1, auto_renewal: 0 })).toEqual(invalid('id'))
    expect(await client.post(UPDATE, { id: '1' })).toEqual(invalid('id'))
    expect(await client.post(UPDATE, {})).toEqual(invalid('id'))
    expect(await client.post(UPDATE, { id: 2 })).toMatchObject({ errcode: 60001 })
    const activated = await client.post('webserver/update', { https_cert: 'ca.crt' })
    expect(activated).toEqual(invalid('https_cert'))
  })

  // Deletes are GETs: whatever prefetches, retries or probes a link by HEAD would delete.
  test('is deleted by GET and not by HEAD, unless the web server uses it', async () => {
    const { sandbox, client } = await openPbx()
    await importServer(client, 'wa.pem')
    const path = `certificate/delete?access_token=${client.token}&id=1`
    await callPbx(sandbox, path, { method: 'HEAD' })
    await client.post('webserver/update', { https_cert: 'wa.pem' })
    const remove = () => client.get('certificate/delete', { id: '1' })
    expect(await remove()).toMatchObject({ errcode: 70091 })
    await client.post('webserver/update', { https_cert: 'default' })
    expect(await remove()).toEqual({ ...OK, reboot: 1, apply: 1 })
    expect(await remove()).toMatchObject({ errcode: 60001 })
  })

  test.each([
    ['partial-success', { errcode: 1, errmsg: 'PARTIAL SUCCESS' }],
    ['processing', { errcode: 2, errmsg: 'PROCESSING' }],
  ] as const)('is written though the answer says %s, by knob', async (writes, told) => {
    const { sandbox, client } = await openPbx()
    await sandbox.control.setKnobs('pbx', { writes })
    expect(await importTrusted(client, 'ca.crt')).toMatchObject(told)
    expect(await client.get(LIST)).toMatchObject({ ...OK, total_number: 1 })
    expect(await client.get('certificate/delete', { id: '1' })).toMatchObject(told)
    expect(await client.get(LIST)).toMatchObject({ ...OK, total_number: 0 })
  })
})
