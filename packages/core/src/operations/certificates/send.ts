import type { CertificateState, Work } from '../../certificate/state.ts'
import { openMaterial, secretsOf } from '../../certificate/material.ts'
import { GOES_OUT_MS } from '../../certificate/timing.ts'
import { markSent } from '../../certificate/work.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
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
    return write(hold, from, work, (until) =>
      callHeld(hold, 'certificate.apply', input, { secrets, until }),
    )
  }
  const { pem, autoRenewal } = material
  const [fileName = 'certificate.pem'] = work.names
  const staged = supports(connection, 'certificate.stage')
    ? (await callHeld(hold, 'certificate.stage', { purpose, fileName, pem }, { secrets })).fileName
    : null
  const named = staged === null ? work : { ...work, names: [...new Set([...work.names, staged])] }
  return write(hold, from, named, (until) =>
    callHeld(hold, 'certificate.upload', { purpose, pem, staged, autoRenewal }, { secrets, until }),
  )
}

async function write(
  { services }: Hold,
  from: CertificateState,
  work: Work,
  call: (until: Instant) => Promise<{ readonly name: string | null }>,
): Promise<Sent> {
  const now = services.clock.now()
  const marked = markSent(from, work, now)
  const state = await commitState(services, from, marked)
  const sent = { state, work: marked.work ?? work }
  try {
    const { name } = await call(now + GOES_OUT_MS)
    return { ...sent, name, fault: null }
  } catch (error) {
    if (!isFault(error)) throw error
    return { ...sent, name: null, fault: error }
  }
}
