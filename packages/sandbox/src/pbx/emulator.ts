import { Hono, type Context } from 'hono'
import type { Emulator, Surroundings } from '../shared/emulator.ts'
import { createCertificate, uploadFile } from './add.ts'
import type { Certificate, CertificateItem } from './certificate.ts'
import type { CertificateType } from './certificate-file.ts'
import { deleteCertificate, updateCertificate, updateWebServer } from './change.ts'
import { isPbxCode, pbxAnswer, PbxError } from './errors.ts'
import { signEvent, type PbxEvent, type SignedEvent } from './events.ts'
import { pbxKnobs, type PbxKnobs } from './knobs.ts'
import { getCertificate, listCertificates, queryCertificates, show } from './list.ts'
import { nowOf, OWN_CERTIFICATE, type Pbx } from './pbx.ts'
import type { PbxSeed } from './seed.ts'
import {
  checkCaller,
  checkToken,
  deleteToken,
  getToken,
  isBlocked,
  refreshToken,
} from './sessions.ts'
import { createTokens } from './tokens.ts'
import { createUploads } from './uploads.ts'

/** A PBX as the control shows it. */
export interface PbxDetails {
  /** As the API shows them; `fingerprint` where a file was imported, null where none was. */
  readonly certificates: readonly (CertificateItem & { readonly fingerprint: string | null })[]
  /** What lies in the temporary storage. */
  readonly uploads: readonly { readonly name: string; readonly type: CertificateType }[]
  /** The name of the certificate that the PBX serves; `default` is its own. */
  readonly httpsCertificate: string
  readonly liveTokens: number
  /** Whether failed logins have blocked the caller. */
  readonly blocked: boolean
}

export interface PbxEmulator extends Emulator<PbxKnobs, PbxDetails> {
  unblock(): void
  signEvent(event: PbxEvent): SignedEvent
}

type Handler = (pbx: Pbx, c: Context) => Response | Promise<Response>

const BASE = '/openapi/v1.0'
const UPLOAD = `${BASE}/certificate/upload`

const OPEN_ROUTES: readonly [string, string, Handler][] = [
  ['POST', 'get_token', getToken],
  ['POST', 'refresh_token', refreshToken],
  ['GET', 'del_token', deleteToken],
]

/** Those that need a token. What deletes is a GET here. */
const ROUTES: readonly [string, string, Handler][] = [
  ['GET', 'certificate/list', listCertificates],
  ['GET', 'certificate/get', getCertificate],
  ['GET', 'certificate/query', queryCertificates],
  ['POST', 'certificate/upload', uploadFile],
  ['POST', 'certificate/create', createCertificate],
  ['POST', 'certificate/update', updateCertificate],
  ['GET', 'certificate/delete', deleteCertificate],
  ['POST', 'webserver/update', updateWebServer],
]

/** Emulates the certificates and the web server of a Yeastar P-Series PBX's OpenAPI. */
export function createPbx(seed: PbxSeed, surroundings: Surroundings): PbxEmulator {
  const knobs = pbxKnobs()
  const pbx: Pbx = {
    seed,
    knobs,
    surroundings,
    tokens: createTokens(),
    uploads: createUploads(),
    certificates: new Map(),
    state: { httpsCertificate: OWN_CERTIFICATE, failedLogins: 0, lastId: 0 },
  }

  const app = new Hono().basePath(surroundings.prefix)
  app.use(async (c, next) => {
    checkCaller(pbx, c)
    await next()
  })
  for (const [method, path, handle] of OPEN_ROUTES)
    app.on(method, `${BASE}/${path}`, (c) => handle(pbx, c))
  for (const [method, path, handle] of ROUTES)
    app.on(method, `${BASE}/${path}`, (c) => {
      checkToken(pbx, c)
      return handle(pbx, c)
    })
  app.notFound(() => pbxAnswer(10001))
  app.onError((error) => {
    if (error instanceof PbxError) return pbxAnswer(error.code, error.fields)
    throw error
  })

  return {
    app,
    numbers: new Map(),
    knobs,
    expireTokens: () => pbx.tokens.closeAll(),
    details: () => detailsOf(pbx),
    takesPrivateKey: ({ method, path, fields }) =>
      method === 'POST' && path === UPLOAD && fields.values.get('type') === 'server',
    fail: (code) => (isPbxCode(Number(code)) ? pbxAnswer(Number(code)) : null),
    unblock() {
      pbx.state.failedLogins = 0
    },
    signEvent: (event) => signEvent(event, seed, nowOf(pbx)),
  }
}

function detailsOf(pbx: Pbx): PbxDetails {
  const now = nowOf(pbx)
  return {
    certificates: [...pbx.certificates.values()].map((each) => ({
      ...show(pbx, each),
      fingerprint: fingerprintOf(each),
    })),
    uploads: pbx.uploads.all(now).map(({ name, type }) => ({ name, type })),
    httpsCertificate: pbx.state.httpsCertificate,
    liveTokens: pbx.tokens.countLive(now),
    blocked: isBlocked(pbx),
  }
}

function fingerprintOf({ content }: Certificate): string | null {
  return content.by === 'upload' ? content.fingerprint : null
}
