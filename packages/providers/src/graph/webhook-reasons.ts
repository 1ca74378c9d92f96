import * as z from 'zod'

const changeSchema = z.object({ field: z.string(), value: z.record(z.string(), z.unknown()) })

const text = z.string().catch('')
const flowsAlert = z.object({
  alert_state: text,
  message: text,
  errors: z.array(z.object({ error_type: text }).catch({ error_type: '' })).catch([]),
})

/**
 * The errors of a flow that come of its key, by their letters alone: the page spells them in upper and lower case, with
 * hyphens and underscores, and one of them wrong; clients report some with more around them.
 */
const KEY_ERRORS = [
  ['publickeymissing', 'public-key-missing'],
  ['publickeysignatureverification', 'public-key-signature-verification'],
  ['businessdecryptionerror', 'business-decryption-error'],
] as const

/** Events after which a number may have been registered again, which loses its key. */
const REGISTERING = [
  { field: 'phone_number_quality_update', name: 'event', value: 'onboarding' },
  { field: 'phone_number_name_update', name: 'decision', value: 'approved' },
  { field: 'account_update', name: 'event', value: 'accountreconnected' },
] as const

/** Why a change is a reason to look after the keys of an account; null where it is none. */
export function reasonOf(change: unknown): string | null {
  const parsed = changeSchema.safeParse(change)
  if (!parsed.success) return null
  const { field, value } = parsed.data
  if (field === 'flows') return keyErrorOf(value)
  const registering = REGISTERING.find((each) => {
    const told = value[each.name]
    return each.field === field && typeof told === 'string' && letters(told) === each.value
  })
  return registering === undefined ? null : field
}

function keyErrorOf(value: unknown): string | null {
  const alert = flowsAlert.safeParse(value)
  if (!alert.success || letters(alert.data.alert_state) !== 'activated') return null
  const told = [...alert.data.errors.map(({ error_type }) => error_type), alert.data.message]
  const names = told.map((each) => letters(each))
  const found = KEY_ERRORS.find(([error]) => names.some((name) => name.includes(error)))
  return found?.[1] ?? null
}

function letters(word: string): string {
  return word
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replaceAll('signiture', 'signature')
}
