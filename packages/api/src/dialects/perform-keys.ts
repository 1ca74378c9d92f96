import {
  type Actor,
  AGGREGATE_PREFIXES,
  createNumber,
  deleteNumber,
  type DialectShapes,
  Fault,
  findNumber,
  findOnlyNumber,
  isFault,
  type NumberState,
  openConnection,
  type OpenConnection,
  partitionOf,
  publishKey,
  readKey,
  readNumber,
  type Services,
} from '@latchkey/core'
import { importPublicKey, refusePrivateKey } from '@latchkey/crypto'
import { numberId as numberIdSchema } from '../schemas/ids.ts'

/** A call on behalf of somebody, at the place that the path names. */
export interface DialectContext {
  readonly services: Services
  readonly actor: Actor
  /** The provider whose dialect is spoken. */
  readonly spoken: string
  readonly connectionId: string
  /** Set where the path names a number in place of the connection. */
  readonly numberId: string | null
}

type Publish = DialectShapes['encryptionKey.publish']
type Read = DialectShapes['encryptionKey.read']

/** The number of a deployment where nobody said which one it is. */
const UNNAMED = 'default'

/** Publishes a key as the unified API does; a number that is not known yet is added by its first success. */
export async function publish(
  context: DialectContext,
  { upstreamId, publicKey }: Publish['input'],
): Promise<Publish['output']> {
  const { services, actor } = context
  refusePrivateKey(publicKey)
  const key = await importPublicKey(publicKey)
  const known = (await findIn(context, upstreamId))?.number ?? null
  const number = known ?? (await addNumber(context, upstreamId))
  try {
    await publishKey(services, actor, {
      numberId: number.id,
      publicKey: key,
      verify: true,
    })
  } catch (error) {
    // What certainly changed nothing must not leave a number behind that nobody asked for, nor take another's away.
    if (known === null && isFault(error) && error.effect === 'no') {
      const unused = { ifUnused: true }
      await deleteNumber(services, { actor }, number.id, unused).catch(() => undefined)
    }
    throw error
  }
  return {}
}

/** Reads a key from the upstream, as a caller of the provider would. */
export async function read(
  context: DialectContext,
  { upstreamId }: Read['input'],
): Promise<Read['output']> {
  const { services, actor } = context
  const found = await findIn(context, upstreamId)
  if (found === null) throw noNumber()
  const { view } = await readKey(services, actor, { ...found, fresh: true })
  return { publicKey: view.publicKey, status: view.signatureStatus }
}

interface Found {
  readonly number: NumberState
  /** Where it had to be opened to find the number. */
  readonly connection: OpenConnection | null
}

/** The number that is meant; null where it would have to be added. */
async function findIn(
  { services, connectionId, numberId }: DialectContext,
  upstreamId: string | null,
): Promise<Found | null> {
  const id = numberId ?? numberIdIn(upstreamId)
  if (id !== null) {
    if (partitionOf({ kind: 'number', id }) !== connectionId) throw noNumber()
    const { state } = await readNumber(services, id)
    // A call that names one number in two ways must not go to either where they differ.
    if (upstreamId !== null && upstreamId !== id && upstreamId !== state.upstreamId)
      throw noNumber()
    return { number: state, connection: null }
  }
  const connection = await openConnection(services, connectionId)
  const number =
    upstreamId === null
      ? await findOnlyNumber(services, connection)
      : await findNumber(services, connection, upstreamId)
  return number === null ? null : { number, connection }
}

/** A caller who cannot know an upstream's own id names the number as Latchkey does. */
function numberIdIn(upstreamId: string | null): string | null {
  // To word why something is no id takes a schema longer than all else that it does.
  if (upstreamId?.startsWith(AGGREGATE_PREFIXES.number) !== true) return null
  return numberIdSchema.safeParse(upstreamId).data ?? null
}

function addNumber(
  { services, actor, connectionId }: DialectContext,
  upstreamId: string | null,
): Promise<NumberState> {
  const draft = { connectionId, upstreamId: upstreamId ?? UNNAMED, label: null }
  return createNumber(services, { actor }, draft)
}

function noNumber(): Fault {
  return new Fault('not_found', 'Cannot find number: no key was ever published to it here')
}
