import type { StoredKey } from '../shared/key-slot.ts'

/** One On-Premises deployment: it serves one phone number. */
export interface OnPremSeed {
  /** Without a leading `v`. Below 2.51 there is no encryption endpoint. */
  readonly clientVersion: string
  readonly users: readonly OnPremUser[]
  readonly phoneNumber: string
  readonly registered: boolean
  readonly key?: StoredKey
}

export interface OnPremUser {
  readonly name: string
  readonly password: string
  readonly role: 'ROLE_ADMIN' | 'ROLE_USER'
  /** A new installation's `admin`: its first login has to bring a new password. */
  readonly mustChangePassword?: boolean
}
