import { SAMPLE } from '@latchkey/sandbox'
import type { Side } from './sides.ts'

export const KEY_DIALECTS = ['graph', 'onprem', 'kaleyra'] as const
export type KeyDialect = (typeof KEY_DIALECTS)[number]

/** The parameter that brings a key. */
export const FIELDS: Readonly<Record<KeyDialect, string>> = {
  graph: 'business_public_key',
  onprem: 'public_key',
  kaleyra: 'business_public_key',
}

/** What comes after the host. */
export const PATHS: Readonly<Record<KeyDialect, string>> = {
  graph: `/v21.0/${SAMPLE.graph.unsetNumberId}/whatsapp_business_encryption`,
  onprem: '/v1/settings/business/whatsapp_business_encryption',
  kaleyra: `/v2/${SAMPLE.kaleyra.sid}/whatsapp/${SAMPLE.kaleyra.phoneNumber}/flows_encryption`,
}

/** The header with the secret. */
export function secretHeader(dialect: KeyDialect, { secret }: Side): string {
  return dialect === 'kaleyra' ? `api-key: ${secret}` : `Authorization: Bearer ${secret}`
}

/** A key as it is sent: as text, and in files. */
export interface Sent {
  readonly field: string
  readonly pem: string
  /** Files with the PEM, a form with it, JSON with it. */
  readonly pemFile: string
  readonly formFile: string
  readonly jsonFile: string
}

const FORM = 'application/x-www-form-urlencoded'
const type = (value: string) => ['-H', `Content-Type: ${value}`]
const urlencoded = ({ field, pem }: Sent) => ['--data-urlencode', `${field}=${pem}`]
const json = ({ jsonFile }: Sent) => ['--data-binary', `@${jsonFile}`]

export interface Encoding {
  readonly words: (sent: Sent) => readonly string[]
  /** By whom it is taken; the others refuse it. */
  readonly takenBy: readonly KeyDialect[]
  /** Where no page says by which of its codes an On-Premises client refuses what it cannot read. */
  readonly isUntold?: boolean
}

const ALL = KEY_DIALECTS
const WITH_JSON = ['graph', 'onprem'] as const
const WITH_MULTIPART = ['graph'] as const
const NONE = [] as const

/** The ways in which curl sends a key, by what their users call them. */
export const ENCODINGS: Readonly<Record<string, Encoding>> = {
  '--data-urlencode': { words: urlencoded, takenBy: ALL },
  '--data-urlencode of a file': {
    words: ({ field, pemFile }) => ['--data-urlencode', `${field}@${pemFile}`],
    takenBy: ALL,
  },
  '--data-binary of a file with a form': {
    words: ({ formFile }) => ['--data-binary', `@${formFile}`],
    takenBy: ALL,
  },
  'a form that names its charset': {
    words: (sent) => [...type(`${FORM}; charset=UTF-8`), ...urlencoded(sent)],
    takenBy: ALL,
  },
  'a form whose type is in capitals': {
    words: (sent) => [...type(FORM.toUpperCase()), ...urlencoded(sent)],
    takenBy: ALL,
  },
  '-F': {
    words: ({ field, pem }) => ['--form-string', `${field}=${pem}`],
    takenBy: WITH_MULTIPART,
    isUntold: true,
  },
  '-F of a file': {
    words: ({ field, pemFile }) => ['-F', `${field}=@${pemFile}`],
    takenBy: WITH_MULTIPART,
    isUntold: true,
  },
  '-F of the text of a file': {
    words: ({ field, pemFile }) => ['-F', `${field}=<${pemFile}`],
    takenBy: WITH_MULTIPART,
    isUntold: true,
  },
  JSON: { words: (sent) => [...type('application/json'), ...json(sent)], takenBy: WITH_JSON },
  'JSON that names its charset': {
    words: (sent) => [...type('application/json; charset=utf-8'), ...json(sent)],
    takenBy: WITH_JSON,
  },
  'JSON that says it is a form': { words: json, takenBy: NONE },
  'JSON that is cut off': {
    words: () => [...type('application/json'), '--data', '{"a":'],
    takenBy: NONE,
    isUntold: true,
  },
  'a form that says it is JSON': {
    words: (sent) => [...type('application/json'), ...urlencoded(sent)],
    takenBy: NONE,
    isUntold: true,
  },
  'a form that says it is multipart': {
    words: (sent) => [...type('multipart/form-data; boundary=x'), ...urlencoded(sent)],
    takenBy: NONE,
    isUntold: true,
  },
  'the key alone, as text': {
    words: ({ pemFile }) => [...type('text/plain'), '--data-binary', `@${pemFile}`],
    takenBy: NONE,
    isUntold: true,
  },
  'a form without a type': {
    words: (sent) => [...type(''), ...urlencoded(sent)],
    takenBy: NONE,
    isUntold: true,
  },
  'no body': { words: () => [], takenBy: NONE },
  'an empty form': { words: () => ['--data', ''], takenBy: NONE },
  'an empty parameter': { words: ({ field }) => ['--data', `${field}=`], takenBy: NONE },
  'another parameter': {
    words: ({ pem }) => ['--data-urlencode', `key=${pem}`],
    takenBy: NONE,
  },
  'what is no key': { words: ({ field }) => ['--data', `${field}=key`], takenBy: NONE },
  'Transfer-Encoding: chunked': {
    words: (sent) => ['-H', 'Transfer-Encoding: chunked', ...urlencoded(sent)],
    takenBy: ALL,
  },
  'Transfer-Encoding: chunked, of JSON': {
    words: (sent) => [
      '-H',
      'Transfer-Encoding: chunked',
      ...type('application/json'),
      ...json(sent),
    ],
    takenBy: WITH_JSON,
  },
  'Expect: 100-continue': {
    words: (sent) => ['-H', 'Expect: 100-continue', ...urlencoded(sent)],
    takenBy: ALL,
  },
}
