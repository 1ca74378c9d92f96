import { describe, expect, test } from 'vitest'
import { secretsOf } from './material.ts'

const LINE = 'MC4CAQAwBQYDK2VwBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3'
const LAST = '3+6UduSwq1l8TA=='
const pem = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBszCCAVmgAwIBAgIUTestTestTestTest',
  '-----END CERTIFICATE-----',
  '-----BEGIN RSA PRIVATE KEY-----',
  LINE,
  LAST,
  'short',
  '-----END RSA PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----',
  LINE.toLowerCase(),
  '-----END PRIVATE KEY-----',
].join('\n')

describe('secretsOf()', () => {
  test('gives each line of a private key that cannot stand somewhere by chance, and no certificate', () => {
    const secrets = secretsOf({ kind: 'upload', pem, autoRenewal: null })
    expect(secrets).toEqual([LINE, LAST, LINE.toLowerCase()])
  })

  test('gives what DNS providers are told, where it is text', () => {
    const access = { dnsProvider: 'alidns', dnsParameters: { key: 'k', secret: 's', ttl: 600 } }
    expect(secretsOf({ kind: 'upload', pem: '', autoRenewal: access })).toEqual(['k', 's'])
    expect(secretsOf({ kind: 'apply', domain: 'a.example.com', ...access })).toEqual(['k', 's'])
  })
})
