import { findKeyProblem } from '../shared/rsa-key.ts'
import { visibleKey, writeKey } from '../shared/key-slot.ts'
import { metaOf, type Deployment, type OnPremContext } from './deployment.ts'
import { OnPremError } from './errors.ts'

/** The parameter is `public_key` here, and `business_public_key` in the answer to a read. */
const PARAMETER = 'public_key'
const KEY = 'business_public_key'
const STATUS = 'business_public_key_signature_status'
/** The first release of the client that has the endpoint. */
const SINCE = { major: 2, minor: 51 }

/** GET of the deployment's business public key. */
export function readEncryption(deployment: Deployment, c: OnPremContext): Response {
  checkAccess(deployment, c)
  const { envelope, unset } = deployment.knobs.current
  const key = visibleKey(deployment.slot, deployment.surroundings.clock.now())
  if (key === null && unset === 'not-found') throw new OnPremError(1006, 'No public key found')
  const blank = unset === 'blank-key' ? { [KEY]: ' ' } : {}
  const shown =
    key !== null
      ? { [KEY]: key.pem, [STATUS]: key.status }
      : unset === 'empty-object'
        ? {}
        : { ...blank, [STATUS]: 'MISMATCH' }
  if (envelope === 'flat') return c.json(shown)
  const meta = metaOf(deployment)
  if (envelope === 'meta') return c.json({ ...shown, meta })
  if (envelope === 'settings') return c.json({ settings: shown, meta })
  return c.json({ settings: { business: { whatsapp_business_encryption: shown } }, meta })
}

/** POST of a business public key, which the deployment's number signs. */
export function writeEncryption(deployment: Deployment, c: OnPremContext): Response {
  checkAccess(deployment, c)
  const { accepts, readLagMs } = deployment.knobs.current
  const { encoding, values } = c.var.fields
  if (encoding === 'broken') throw new OnPremError(1025, 'Body cannot be parsed')
  const readable =
    accepts === 'form-and-json' ? encoding === 'form' || encoding === 'json' : encoding === accepts
  const pem = readable ? values.get(PARAMETER) : undefined
  if (pem === undefined || pem.trim() === '') {
    if (encoding === 'none') deployment.surroundings.report('empty-post', c.req.path)
    throw new OnPremError(1008, `Parameter ${PARAMETER} is mandatory`)
  }
  const problem = findKeyProblem(pem)
  if (problem !== null) throw new OnPremError(1009, `${PARAMETER} is not valid: ${problem}`)
  if (!deployment.slot.registered) throw new OnPremError(1011, 'The number is not registered')
  writeKey(deployment.slot, pem, deployment.surroundings.clock.now(), readLagMs)
  return c.json({ meta: metaOf(deployment) })
}

function checkAccess(deployment: Deployment, c: OnPremContext): void {
  const [major = 0, minor = 0] = deployment.seed.clientVersion.split('.').map(Number)
  if (major < SINCE.major || (major === SINCE.major && minor < SINCE.minor))
    throw new OnPremError(1006, `Unknown path ${c.req.path}`)
  const { role } = c.var.session.user
  if (deployment.knobs.current.settingsNeedAdmin && role !== 'ROLE_ADMIN')
    throw new OnPremError(1005, 'Admin role required')
}
