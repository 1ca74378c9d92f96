import type { Instant } from '../instant.ts'
import type { CertificatePurpose } from '../provider/certificates.ts'

/** One certificate of a connection. */
export interface InventoryEntry {
  readonly certificateId: string
  readonly purpose: CertificatePurpose
}

/** Which certificates a connection has, and who may change them: one at a time. */
export interface InventoryState {
  readonly entries: readonly InventoryEntry[]
  /** Of the newest holder; never goes back. */
  readonly fence: number
  readonly lease: { readonly fence: number; readonly until: Instant } | null
  /** When all that the upstream lists was last read. */
  readonly refreshedAt: Instant | null
}

export const EMPTY_INVENTORY: InventoryState = {
  entries: [],
  fence: 0,
  lease: null,
  refreshedAt: null,
}

export function inventoryKey(connectionId: string): { kind: 'inventory'; id: string } {
  return { kind: 'inventory', id: `inv_${connectionId.slice('con_'.length)}` }
}

export function withEntry(state: InventoryState, entry: InventoryEntry): InventoryState {
  const others = state.entries.filter(({ certificateId }) => certificateId !== entry.certificateId)
  return { ...state, entries: [...others, entry] }
}

export function withoutEntry(state: InventoryState, certificateId: string): InventoryState {
  return {
    ...state,
    entries: state.entries.filter((entry) => entry.certificateId !== certificateId),
  }
}
