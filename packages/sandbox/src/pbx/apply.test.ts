import { MINUTE } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { testSandbox } from '../testing/call.ts'
import { containing } from '../testing/containing.ts'
import { pbxClient } from '../testing/pbx.ts'

const CREATE = 'certificate/create'
const DNS = {
  dns_provider: 'alidns',
  auth_info_list: [
    { k: 'AccessKeyId', sv: 'id-of-the-dns-account' },
    { k: 'AccessKeySecret', sv: 'secret-of-the-dns-account' },
    { k: 'TTL', iv: 600 },
  ],
}
const APPLICATION = { type: 'server', ca_type: 'apply', issue_to: 'docstest.example.com', ...DNS }
const NAME = 'docstest.example.com.pem'

async function openPbx() {
  const sandbox = testSandbox()
  return { sandbox, client: await pbxClient(sandbox) }
}

function invalid(field: string): unknown {
  return containing({ errcode: 40002, invalid_param_list: [containing({ field })] })
}

describe('an application for a certificate', () => {
  test('is issuing for a while, then has a certificate for 90 days', async () => {
    const { sandbox, client } = await openPbx()
    expect(await client.post(CREATE, APPLICATION)).toEqual({
      errcode: 0,
      errmsg: 'SUCCESS',
      name: NAME,
      apply_status: 'issuing',
    })
    const item = {
      id: 1,
      name: NAME,
      type: 'server',
      issue_to: 'docstest.example.com',
      expiration: '',
      ca_type: 'apply',
      auto_renewal: 1,
      apply_status: 'issuing',
      ...DNS,
    }
    const read = () => client.get('certificate/get', { id: '1' })
    expect(await read()).toEqual({ errcode: 0, errmsg: 'SUCCESS', certificate: item })
    await sandbox.control.advanceClock(MINUTE)
    const issued = { ...item, expiration: '2027/02/19 12:01:00', apply_status: 'issuance_success' }
    expect(await read()).toMatchObject({ certificate: issued })
  })

  test('fails by knob, with the code of the DNS provider', async () => {
    const { sandbox, client } = await openPbx()
    await sandbox.control.setKnobs('pbx', {
      issuance: 'fails',
      applyTipCode: 17,
      issuanceMs: 5 * MINUTE,
    })
    await client.post(CREATE, APPLICATION)
    await sandbox.control.setKnobs('pbx', { issuance: 'succeeds' })
    await sandbox.control.advanceClock(5 * MINUTE - 1)
    const { certificates } = (await sandbox.control.state('pbx')).details
    expect(certificates).toEqual([containing({ apply_status: 'issuing', fingerprint: null })])
    await sandbox.control.advanceClock(1)
    expect(await client.get('certificate/list')).toMatchObject({
      certificate_list: [{ apply_status: 'issuance_fail', apply_tip_code: 17, expiration: '' }],
    })
  })

  // Whoever may list certificates reads the keys to the domain: the answer must go no further.
  test('is listed with the secrets of the DNS account in the clear', async () => {
    const { client } = await openPbx()
    await client.post(CREATE, APPLICATION)
    const listed = JSON.stringify(await client.get('certificate/list'))
    expect(listed).toContain('secret-of-the-dns-account')
    const queried = JSON.stringify(await client.get('certificate/query', { ids: '1' }))
    expect(queried).toContain('secret-of-the-dns-account')
  })

  test.each([
    ['type', { ...APPLICATION, type: undefined }],
    ['type', { ...APPLICATION, type: 'client' }],
    ['ca_type', { ...APPLICATION, ca_type: undefined }],
    ['ca_type', { ...APPLICATION, ca_type: 'renew' }],
    ['issue_to', { ...APPLICATION, issue_to: '' }],
    ['dns_provider', { ...APPLICATION, dns_provider: undefined }],
    ['auth_info_list', { ...APPLICATION, auth_info_list: undefined }],
    ['auth_info_list', { ...APPLICATION, auth_info_list: [] }],
    ['auth_info_list', { ...APPLICATION, auth_info_list: 'AccessKeyId' }],
    ['auth_info_list', { ...APPLICATION, auth_info_list: ['AccessKeyId'] }],
    ['auth_info_list.k', { ...APPLICATION, auth_info_list: [{ sv: 'x' }] }],
    ['auth_info_list.AccessKeySecret', withInfo({ k: 'AccessKeyId', sv: 'x' })],
    ['auth_info_list.TTL', withInfo(...DNS.auth_info_list.slice(0, 2), { k: 'TTL', sv: '600' })],
    ['auth_info_list.Zone', withInfo(...DNS.auth_info_list, { k: 'Zone', sv: 'x' })],
    ['auth_info_list.TTL', withInfo(...DNS.auth_info_list, { k: 'TTL', iv: 1, sv: '1' })],
  ])('is refused for its %s with 40002', async (field, body) => {
    const { client } = await openPbx()
    expect(await client.post(CREATE, body)).toEqual(invalid(field))
  })

  test('goes to a DNS provider beyond the public table as it comes', async () => {
    const { client } = await openPbx()
    const auth_info_list = [
      { k: 'AuthToken', sv: 'x' },
      { k: 'Strict', bv: true },
    ]
    const body = { ...APPLICATION, dns_provider: 'cloudflare', auth_info_list }
    expect(await client.post(CREATE, body)).toMatchObject({ errcode: 0 })
    expect(await client.get('certificate/get', { id: '1' })).toMatchObject({
      certificate: { dns_provider: 'cloudflare', auth_info_list },
    })
  })

  test('is a duplicate for the same domain, and the fourth server certificate is one too many', async () => {
    const { client } = await openPbx()
    const apply = (issue_to: string) => client.post(CREATE, { ...APPLICATION, issue_to })
    for (const host of ['a', 'b', 'c']) expect(await apply(host)).toMatchObject({ errcode: 0 })
    expect(await apply('a')).toEqual({
      errcode: 40003,
      errmsg: 'DUPLICATE KEY VALUE',
      duplicate_field_list: [{ field: 'name', value: 'a.pem' }],
    })
    expect(await apply('d')).toEqual({ errcode: 60002, errmsg: 'MAX LIMITATION EXCEEDED' })
  })

  test('starts anew when its domain changes, and not when only its DNS account does', async () => {
    const { sandbox, client } = await openPbx()
    await client.post(CREATE, APPLICATION)
    await sandbox.control.advanceClock(MINUTE)
    const change = { ...DNS, dns_provider: 'other' }
    const update = (body: object) => client.post('certificate/update', { id: 1, ...body })
    const read = () => client.get('certificate/get', { id: '1' })
    expect(await update(change)).toEqual({ errcode: 0, errmsg: 'SUCCESS' })
    expect(await read()).toMatchObject({
      certificate: { apply_status: 'issuance_success', dns_provider: 'other' },
    })
    await update({ issue_to: 'new.example.com' })
    expect(await read()).toMatchObject({
      certificate: { name: NAME, issue_to: 'new.example.com', apply_status: 'issuing' },
    })
  })

  test('serves the web server only once it is issued', async () => {
    const { sandbox, client } = await openPbx()
    await client.post(CREATE, APPLICATION)
    const activate = (https_cert: string) => client.post('webserver/update', { https_cert })
    expect(await activate(NAME)).toEqual(invalid('https_cert'))
    await sandbox.control.advanceClock(MINUTE)
    expect(await activate(NAME)).toEqual({ errcode: 0, errmsg: 'SUCCESS' })
    expect((await sandbox.control.state('pbx')).details.httpsCertificate).toBe(NAME)
    expect(await activate('none.pem')).toEqual({ errcode: 60001, errmsg: 'DATA NOT FOUND' })
    expect(await activate('default')).toMatchObject({ errcode: 0 })
  })
})

function withInfo(...auth_info_list: readonly object[]): object {
  return { ...APPLICATION, auth_info_list }
}
