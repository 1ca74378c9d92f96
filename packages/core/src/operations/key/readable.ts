import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'

/** Whether the number's provider has a safe read of the key; known without opening the connection. */
export function isReadable(services: Services, number: Pick<NumberState, 'provider'>): boolean {
  const provider = services.providers.get(number.provider)
  return provider?.operationNames.includes('encryptionKey.read') ?? false
}
