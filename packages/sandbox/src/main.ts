#!/usr/bin/env node
/** Serves a sandbox until it is interrupted: `node packages/sandbox/src/main.ts [port]`. */
import { startSandbox } from './serve.ts'
import { SAMPLE } from './world.ts'

const DEFAULT_PORT = 8790

const sandbox = await startSandbox({ port: Number(process.argv[2] ?? DEFAULT_PORT) })
const { graph, onprem, kaleyra, pbx } = SAMPLE
process.stdout.write(
  `${[
    `Graph        ${sandbox.graphUrl}/${graph.version}/${graph.unsetNumberId}`,
    `             Authorization: Bearer ${graph.accessToken}`,
    `On-Premises  ${sandbox.onpremUrl}/v1`,
    `             ${onprem.username}:${onprem.password}`,
    `Kaleyra      ${sandbox.kaleyraUrl}/v2/${kaleyra.sid}/whatsapp/${kaleyra.phoneNumber}`,
    `             api-key: ${kaleyra.apiKey}`,
    `PBX          ${sandbox.pbxUrl}/openapi/v1.0`,
    `             ${pbx.clientId}:${pbx.clientSecret}`,
    `Control      ${sandbox.url}/_sandbox`,
  ].join('\n')}\n`,
)
process.once('SIGINT', () => void sandbox.close())
process.once('SIGTERM', () => void sandbox.close())
