import { DELIVERY_SYMBOLS } from '@latchkey/core'
import * as z from 'zod'

function id(prefix: string, rest: string): z.ZodString {
  return z.string().regex(new RegExp(`^${prefix}${rest}$`), `Must be an id such as ${prefix}…`)
}

export const connectionId = id('con_', '[0-9a-z]{16}')
/** Of what lives with a connection, the connection's own part comes first. */
export const numberId = id('num_', '[0-9a-z]{28}')
export const certificateId = id('crt_', '[0-9a-z]{28}')
export const keyId = id('key_', '[0-9a-z]{16}')
export const rotationId = id('rot_', '[0-9a-z]{16}')
export const triggerId = id('trg_', '[0-9a-z]{16}')
export const endpointId = id('whe_', '[0-9a-z]{16}')
/** The endpoint's own part comes first. */
export const deliveryId = id('dlv_', `[0-9a-z]{${DELIVERY_SYMBOLS}}`)
/** The first 80 bits of a token's digest. */
export const tokenId = id('tok_', '[0-9a-f]{20}')

export const timestamp = z.iso.datetime()
