import { SettingError } from '@latchkey/core'
import type { Environment } from './environment.ts'

const PORT_DEFAULT = 8787
const PORT_MAX = 65_535

export interface Address {
  readonly hostname: string
  readonly port: number
}

/** Where to listen. @throws SettingError */
export function addressOf(env: Environment): Address {
  const port = Number(env['PORT'] ?? PORT_DEFAULT)
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
    throw new SettingError('PORT', `must be a port number from 0 to ${PORT_MAX}`)
  }
  return { hostname: env['HOST'] ?? '127.0.0.1', port }
}

/** Serves until `signal` aborts. @throws SettingError where the port is taken */
export function listen(
  address: Address,
  handler: (request: Request) => Response | Promise<Response>,
  signal: AbortSignal,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ ...address, signal, onListen: () => undefined }, handler)
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new SettingError('PORT', `must be a free port: ${address.port} is in use`)
    }
    throw error
  }
}
