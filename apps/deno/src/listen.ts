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
  const text = env['PORT'] ?? ''
  const port = text === '' ? PORT_DEFAULT : Number(text)
  if (!/^\d*$/.test(text) || port > PORT_MAX) {
    throw new SettingError('PORT', `must be a port number from 0 to ${PORT_MAX}`)
  }
  return { hostname: env['HOST'] ?? '127.0.0.1', port }
}

/** Serves until it is shut down. @throws SettingError where it cannot listen there */
export function listen(
  address: Address,
  handler: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ ...address, onListen: () => undefined }, handler)
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new SettingError(
        'PORT',
        `must be a free port: ${address.port} is in use; is Latchkey running already?`,
      )
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new SettingError('PORT', `must be a port that this user may serve: not ${address.port}`)
    }
    // What a host name that is none, or is somebody else's, fails with has many classes.
    throw new SettingError('HOST', 'must be an address of this machine', { cause: error })
  }
}
