import type { CertificateState, Work } from '../../certificate/state.ts'
import { openMaterial, secretsOf } from '../../certificate/material.ts'
import { markSent } from '../../certificate/work.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { supports } from '../call-upstream.ts'
import { commitState } from './commit.ts'
import { callHeld, type Hold } from './hold.ts'

/** What came of sending: the state as committed before the write went out, and what the upstream said. */
export interface Sent {
  readonly state: CertificateState
  readonly work: Work
  readonly name: string | null
  /** `no`: nothing was sent that could have changed anything. */
  readonly fault: Fault | null
}

/** Brings a certificate to the upstream, the file first where it wants that. Whatever fails is handed back. */
export async function send(hold: Hold, from: CertificateState, work: Work): Promise<Sent> {
  const { services, connection } = hold
  if (work.material === null) throw new Fault('internal', 'Cannot send: nothing is left to send')
  const material = await openMaterial(services, from, work.material)
  const secrets = secretsOf(material)
  const { purpose } = from
  if (material.kind === 'apply') {
    const { kind: _, ...input } = material
    return write(hold, from, work, () => callHeld(hold, 'certificate.apply', input, secrets))
  }
  const { pem, autoRenewal } = material
  const [fileName = 'certificate.pem'] = work.names
  const staged = supports(connection, 'certificate.stage')
    ? (await callHeld(hold, 'certificate.stage', { purpose, fileName, pem }, secrets)).fileName
    : null
  const named = staged === null ? work : { ...work, names: [...new Set([...work.names, staged])] }
  return write(hold, from, named, () =>
    callHeld(hold, 'certificate.upload', { purpose, pem, staged, autoRenewal }, secrets),
  )
}

async function write(
  { services }: Hold,
  from: CertificateState,
  work: Work,
  call: () => Promise<{ readonly name: string | null }>,
): Promise<Sent> {
  const marked = markSent(from, work, services.clock.now())
  const state = await commitState(services, from, marked)
  const sent = { state, work: marked.work ?? work }
  try {
    const { name } = await call()
    return { ...sent, name, fault: null }
  } catch (error) {
    if (!isFault(error)) throw error
    return { ...sent, name: null, fault: error }
  }
}
