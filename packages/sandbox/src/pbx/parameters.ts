import { isRecord } from '../shared/readers.ts'
import { invalidParameter, PbxError } from './errors.ts'

export type Body = Readonly<Record<string, unknown>>

/** @throws PbxError 40001 for what is no JSON object */
export function readJson(bytes: Uint8Array): Body {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (isRecord(parsed)) return parsed
  } catch {
    // Told below, like every body that is no object.
  }
  throw new PbxError(40001)
}

export function textOf(body: Body, field: string): string | undefined {
  const value = body[field]
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw invalidParameter(field, 'string')
  return value
}

export function requiredText(body: Body, field: string): string {
  const value = textOf(body, field)
  if (value === undefined || value === '') throw invalidParameter(field, 'required')
  return value
}

export function choiceOf<const T extends string>(
  value: string | undefined,
  field: string,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw invalidParameter(field, 'range')
  return found
}

/** 0 or 1. */
export function flagOf(body: Body, field: string): boolean | undefined {
  const value = body[field]
  if (value === undefined) return undefined
  if (value !== 0 && value !== 1) throw invalidParameter(field, 'range')
  return value === 1
}

/** A whole number above 0, as a query has it. */
export function countOf(value: string | undefined, field: string): number | undefined {
  if (value === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(value)) throw invalidParameter(field, 'integer')
  return Number(value)
}

export function requiredCount(value: string | undefined, field: string): number {
  const count = countOf(value, field)
  if (count === undefined) throw invalidParameter(field, 'required')
  return count
}
