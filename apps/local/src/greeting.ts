import type { SampleNumber } from './sample-data.ts'

export interface Greeting {
  readonly url: string
  readonly adminToken: string
  readonly sandboxUrl: string | null
  readonly numbers: readonly SampleNumber[]
  readonly keyFile: string
}

/** What the local start prints: where it is, how to get in, and calls that work as they stand. */
export function greeting({ url, adminToken, sandboxUrl, numbers, keyFile }: Greeting): string {
  const calls = numbers.flatMap((number) => [
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
    '  Stop with Ctrl-C.',
    '',
  ].join('\n')
}
