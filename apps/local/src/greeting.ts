import type { SampleData } from './sample-data.ts'

export interface Greeting {
  readonly url: string
  readonly adminToken: string
  readonly sandboxUrl: string | null
  readonly samples: SampleData | null
  readonly keyFile: string
}

/** What the local start prints: where it is, how to get in, and calls that work as they stand. */
export function greeting({ url, adminToken, sandboxUrl, samples, keyFile }: Greeting): string {
  const calls = (samples?.numbers ?? []).flatMap((number) => [
    `  # ${number.label ?? number.id}`,
    `  curl -sX PUT ${url}/v1/numbers/${number.id}/encryption-key \\`,
    `    -H "Authorization: Bearer $LATCHKEY_TOKEN" \\`,
    `    -H "Content-Type: application/x-pem-file" --data-binary @${keyFile}`,
    `  curl -s ${url}/v1/numbers/${number.id}/encryption-key -H "Authorization: Bearer $LATCHKEY_TOKEN"`,
    '',
  ])
  return [
    '',
    `  Latchkey   ${url}`,
    `  API        ${url}/docs`,
    ...(sandboxUrl === null
      ? []
      : [`  Sandbox    ${sandboxUrl}  (stands in for the providers; it starts empty each time)`]),
    '',
    `  export LATCHKEY_TOKEN=${adminToken}`,
    '',
    ...(calls.length === 0 ? [] : ['  Publish a key, and read it back:', '', ...calls]),
    ...repairCalls(url, sandboxUrl, samples),
    ...(samples === null ? [] : certificateCalls(url, samples.pbx)),
    '  Stop with Ctrl-C.',
    '',
  ].join('\n')
}

/** The sandbox tells of it by a webhook, as Meta does. */
function repairCalls(
  url: string,
  sandboxUrl: string | null,
  samples: SampleData | null,
): readonly string[] {
  if (sandboxUrl === null || samples === null || samples.watched === null) return []
  const { numberId, upstreamId } = samples.watched
  return [
    '  Have the Cloud API lose the key that you published, and see it published again:',
    '',
    `  curl -sX PATCH ${sandboxUrl}/_sandbox/graph/numbers/${upstreamId} \\`,
    `    -H "Content-Type: application/json" -d '{"key":null}'`,
    `  curl -s "${url}/v1/events?subject=${numberId}&limit=200" -H "Authorization: Bearer $LATCHKEY_TOKEN"`,
    '',
  ]
}

const APPLICATION = JSON.stringify({
  purpose: 'server',
  source: {
    type: 'apply',
    domain: 'pbx.example.com',
    dnsProvider: 'alidns',
    dnsParameters: { AccessKeyId: 'id', AccessKeySecret: 'secret' },
  },
})

/** Issued by the sandbox after a minute. */
function certificateCalls(url: string, connectionId: string): readonly string[] {
  const certificates = `${url}/v1/connections/${connectionId}/certificates`
  return [
    '  Have a PBX obtain a certificate, and see how far it is:',
    '',
    `  curl -s ${certificates} -H "Authorization: Bearer $LATCHKEY_TOKEN" \\`,
    `    -H "Content-Type: application/json" -d '${APPLICATION}'`,
    `  curl -s ${certificates} -H "Authorization: Bearer $LATCHKEY_TOKEN"`,
    '',
  ]
}
