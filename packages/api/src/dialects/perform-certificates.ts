import {
  activateCertificate,
  applyForCertificate,
  type CertificateKind,
  type CertificatePurpose,
  type CertificateState,
  type DialectCertificate,
  type DialectShapes,
  dropStaged,
  Fault,
  certificateKindsOf,
  type ListedCertificate,
  openConnection,
  readAllCertificates,
  readStaged,
  removeCertificate,
  stageFile,
  updateCertificate,
  uploadCertificate,
} from '@latchkey/core'
import { bridgedKind } from './bridge.ts'
import type { DialectContext } from './perform-keys.ts'

type Shapes = DialectShapes

/** What the dialect shows of a connection's certificates: those that its upstream has. */
export async function list(
  context: DialectContext,
  { purposes }: Shapes['certificate.list']['input'],
): Promise<Shapes['certificate.list']['output']> {
  const all = await shown(context)
  const wanted = (purpose: CertificatePurpose) => purposes?.includes(purpose) ?? true
  return { certificates: all.map(({ item }) => item).filter(({ purpose }) => wanted(purpose)) }
}

export async function get(
  context: DialectContext,
  { ordinals }: Shapes['certificate.get']['input'],
): Promise<Shapes['certificate.get']['output']> {
  const all = await shown(context)
  return {
    certificates: ordinals.flatMap((ordinal) =>
      all.map(({ item }) => item).filter((item) => item.ordinal === ordinal),
    ),
  }
}

/** Keeps a file for the upload that names it, where one for this purpose can be made at all. */
export async function stage(
  context: DialectContext,
  { purpose, fileName, pem }: Shapes['certificate.stage']['input'],
): Promise<Shapes['certificate.stage']['output']> {
  const { services, connectionId } = context
  await kindFor(context, purpose)
  await stageFile(services, { connectionId, purpose, fileName, pem })
  return { fileName }
}

export async function upload(
  context: DialectContext,
  { purpose, pem, staged, autoRenewal }: Shapes['certificate.upload']['input'],
): Promise<Shapes['certificate.upload']['output']> {
  const { services, actor, connectionId } = context
  const kind = await kindFor(context, purpose)
  const file = staged === null ? null : { connectionId, purpose, fileName: staged }
  const { state } = await uploadCertificate(
    services,
    { actor },
    {
      connectionId,
      purpose: kind.purpose,
      name: staged,
      source: { pem: file === null ? pem : await readStaged(services, file) },
      autoRenewal,
      activate: false,
      force: false,
    },
  )
  if (file !== null) await dropStaged(services, file)
  return { name: state.name, status: statusOf(state) }
}

export async function apply(
  { services, actor, connectionId }: DialectContext,
  input: Shapes['certificate.apply']['input'],
): Promise<Shapes['certificate.apply']['output']> {
  const asked = { ...input, connectionId, purpose: 'server' as const, activate: false }
  const { state } = await applyForCertificate(services, { actor }, asked)
  return { name: state.name, status: statusOf(state) }
}

export async function update(
  context: DialectContext,
  { ordinal, autoRenewal }: Shapes['certificate.update']['input'],
): Promise<Shapes['certificate.update']['output']> {
  const { services, actor, connectionId } = context
  const { id: certificateId } = await byOrdinal(context, ordinal)
  await updateCertificate(services, { actor }, { connectionId, certificateId, autoRenewal })
  return {}
}

export async function remove(
  context: DialectContext,
  which: Shapes['certificate.remove']['input'],
): Promise<Shapes['certificate.remove']['output']> {
  const { services, actor, connectionId } = context
  const { id: certificateId } =
    'ordinal' in which
      ? await byOrdinal(context, which.ordinal)
      : await onlyOf(context, which.purpose)
  await removeCertificate(services, { actor }, { connectionId, certificateId })
  return {}
}

export async function activate(
  context: DialectContext,
  { name }: Shapes['certificate.activate']['input'],
): Promise<Shapes['certificate.activate']['output']> {
  const { services, actor, connectionId } = context
  const found = (await shown(context)).find(({ item }) => item.name === name)
  if (found === undefined) throw noCertificate()
  await activateCertificate(services, { actor }, { connectionId, certificateId: found.state.id })
  return {}
}

interface Shown {
  readonly state: CertificateState
  readonly item: DialectCertificate
}

async function shown(context: DialectContext): Promise<readonly Shown[]> {
  const { services, actor, connectionId } = context
  const connection = await openConnection(services, connectionId)
  const kinds = certificateKindsOf(connection)
  const states = await readAllCertificates(services, actor, { connectionId, fresh: true })
  return states.flatMap((state) => {
    const ordinal = ordinalOf(state, kinds)
    return ordinal === null ? [] : [{ state, item: { ...listedOf(state), ordinal } }]
  })
}

/** An upstream that counts its certificates has numbers for them; a place for one alone has its own. */
function ordinalOf({ upstreamId, purpose }: CertificateState, kinds: readonly CertificateKind[]) {
  if (upstreamId === null) return null
  if (/^\d{1,9}$/.test(upstreamId)) return Number(upstreamId)
  return kinds.findIndex((kind) => kind.purpose === purpose) + 1
}

function listedOf(state: CertificateState): ListedCertificate {
  return {
    upstreamId: state.upstreamId ?? '',
    purpose: state.purpose,
    name: state.name ?? state.purpose,
    status: statusOf(state),
    origin: state.source,
    issuedTo: state.issuedTo ?? nameOf(state.bundle),
    notAfter: state.notAfter,
    pem: state.bundle?.pem ?? null,
    autoRenewal: state.autoRenewal,
    problem: state.problem,
  }
}

/** Whom it is for: the first name of a server, or the common name of an authority. */
function nameOf(bundle: CertificateState['bundle']): string | null {
  if (bundle === null) return null
  const { subject, subjectAlternativeNames } = bundle.details
  return subjectAlternativeNames[0] ?? /(?:^|, )CN=([^,]+)/.exec(subject)?.[1] ?? null
}

function statusOf({ status, work }: CertificateState): ListedCertificate['status'] {
  if (work !== null && !work.isConfirming && work.phase !== 'activating') return 'pending'
  return status === 'active' ? 'installed' : status
}

async function kindFor(
  { services, connectionId, spoken }: DialectContext,
  purpose: CertificatePurpose,
): Promise<CertificateKind> {
  const connection = await openConnection(services, connectionId)
  const isOwn = connection.provider.id === spoken
  return bridgedKind(certificateKindsOf(connection), purpose, isOwn)
}

async function byOrdinal(context: DialectContext, ordinal: number): Promise<CertificateState> {
  const found = (await shown(context)).find(({ item }) => item.ordinal === ordinal)
  if (found === undefined) throw noCertificate()
  return found.state
}

/** @throws Fault not_found, conflict where there are several and the caller's words cannot tell them apart */
async function onlyOf(
  context: DialectContext,
  purpose: CertificatePurpose,
): Promise<CertificateState> {
  const kind = await kindFor(context, purpose)
  const [only, ...others] = (await shown(context)).filter(
    ({ state }) => state.purpose === kind.purpose,
  )
  if (only === undefined) throw noCertificate()
  if (others.length === 0) return only.state
  throw new Fault(
    'conflict',
    `Cannot tell which certificate is meant: the connection has ${others.length + 1} for "${kind.purpose}"`,
  )
}

function noCertificate(): Fault {
  return new Fault('not_found', 'Cannot find certificate')
}
