import type { GraphNumber, GraphSeed } from './graph/seed.ts'
import type { KaleyraSeed } from './kaleyra/seed.ts'
import type { OnPremSeed } from './onprem/seed.ts'
import type { PbxSeed } from './pbx/seed.ts'

/** What the sandbox holds when it starts, and again after a reset. */
export interface World {
  readonly graph: GraphSeed
  readonly onprem: OnPremSeed
  readonly kaleyra: KaleyraSeed
  readonly pbx: PbxSeed
}

/** Ids and credentials of the sample world. They open nothing but a sandbox. */
export const SAMPLE = {
  graph: {
    version: 'v25.0',
    appId: '100000000000001',
    appSecret: 'sandbox-graph-app-secret',
    /** What an address of webhooks may be made to ask for. */
    verifyToken: 'sandbox-graph-verify-token',
    accessToken: 'sandbox-graph-token',
    /** Lacks the permission to set keys. */
    readOnlyToken: 'sandbox-graph-read-only-token',
    /** Belongs to a system user without access to the sample WABA. */
    strangerToken: 'sandbox-graph-stranger-token',
    expiredToken: 'sandbox-graph-expired-token',
    wabaId: '200000000000001',
    /** Registered, without a key. */
    unsetNumberId: '300000000000001',
    secondUnsetNumberId: '300000000000002',
    /** Holds a valid key that somebody else published. */
    foreignKeyNumberId: '300000000000003',
    /** Was registered again after its key was set. */
    mismatchNumberId: '300000000000004',
    unregisteredNumberId: '300000000000005',
    /** Not allow-listed for Flows: a key is refused with code 10. */
    deniedNumberId: '300000000000006',
    /** Gone: every call answers code 33, and no list names it. */
    deletedNumberId: '300000000000007',
  },
  onprem: {
    username: 'admin',
    password: 'Sandbox-On-Prem-1',
    /** Without the admin role. */
    userUsername: 'reader',
    userPassword: 'Sandbox-Reader-1',
    /** Has to bring a new password at its first login. */
    freshUsername: 'fresh',
    freshPassword: 'secret',
    phoneNumber: '+15550100001',
  },
  kaleyra: {
    sid: 'HXAP16SANDBOX97IN',
    apiKey: 'sandbox-kaleyra-api-key',
    phoneNumber: '+919900000001',
    secondPhoneNumber: '+919900000002',
    unregisteredPhoneNumber: '+919900000003',
    /** An account to which the API is not available. */
    closedSid: 'HXAP16CLOSED00IN',
    closedApiKey: 'sandbox-kaleyra-closed-api-key',
  },
  pbx: {
    serialNumber: '3631A2000001',
    clientId: 'sandbox-pbx-client-id',
    clientSecret: 'sandbox-pbx-client-secret',
    webhookSecret: 'sandbox-pbx-webhook-secret-00001',
  },
} as const

/** A key that nobody here holds the private half of. */
export const FOREIGN_PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAq3YcWI4jbhDBx9CW+5pp
N59lAcfGZwvf5kdVEXb6L8POdV05dJbWFUk4pLZgXtkXHwS8EleUFWDkCKPiX9h0
ofXyDdMqa3pjCJwqJGuLFC9vctaDgruJekAUH2HI7h9slYO7G6TNrhHbjoaXLwT7
xsZTzGZLRRPVsHVqFHafQM9Z+casSvHbfde95tIg3L3NgjzmiQBAHYFvAUMCqsqM
igcRYpwfuca7lv01lZuO3/g/jMbGqlMGpmvE9HdDC+PbJz2HxY+Ul3IQbjrgQ2aN
O8p/GPt0loTJ97L0MJgiZ9HXnQUMP4upl2SbSD82d79F9nkgZkTf6EUIpk/WRXMl
BQIDAQAB
-----END PUBLIC KEY-----
`

const MESSAGING = 'whatsapp_business_messaging'
const MANAGEMENT = 'whatsapp_business_management'

function sampleNumber(
  id: string,
  index: number,
  state: Partial<Omit<GraphNumber, 'id'>> = {},
): GraphNumber {
  const line = String(index).padStart(4, '0')
  return {
    id,
    displayPhoneNumber: `+1 555-010-${line}`,
    verifiedName: `Sandbox Shop ${index}`,
    registered: true,
    ...state,
  }
}

const { graph, onprem, kaleyra } = SAMPLE

/** A WABA with numbers in every state, one On-Premises deployment, two Kaleyra accounts, one PBX. */
export const sampleWorld: World = {
  graph: {
    app: { id: graph.appId, name: 'Sandbox app', secret: graph.appSecret },
    tokens: [
      {
        token: graph.accessToken,
        scopes: [MESSAGING, MANAGEMENT],
        wabaIds: [graph.wabaId],
        expiresAt: null,
      },
      {
        token: graph.readOnlyToken,
        scopes: [MANAGEMENT],
        wabaIds: [graph.wabaId],
        expiresAt: null,
      },
      {
        token: graph.strangerToken,
        scopes: [MESSAGING, MANAGEMENT],
        wabaIds: [],
        expiresAt: null,
      },
      {
        token: graph.expiredToken,
        scopes: [MESSAGING, MANAGEMENT],
        wabaIds: [graph.wabaId],
        expiresAt: 0,
      },
    ],
    wabas: [
      {
        id: graph.wabaId,
        name: 'Sandbox business account',
        numbers: [
          sampleNumber(graph.unsetNumberId, 1),
          sampleNumber(graph.secondUnsetNumberId, 2),
          sampleNumber(graph.foreignKeyNumberId, 3, {
            key: { pem: FOREIGN_PUBLIC_KEY, status: 'VALID' },
          }),
          sampleNumber(graph.mismatchNumberId, 4, {
            key: { pem: FOREIGN_PUBLIC_KEY, status: 'MISMATCH' },
          }),
          sampleNumber(graph.unregisteredNumberId, 5, { registered: false }),
          sampleNumber(graph.deniedNumberId, 6, { allowListed: false }),
          sampleNumber(graph.deletedNumberId, 7, { deleted: true }),
        ],
      },
    ],
  },
  onprem: {
    clientVersion: '2.53.4',
    users: [
      { name: onprem.username, password: onprem.password, role: 'ROLE_ADMIN' },
      { name: onprem.userUsername, password: onprem.userPassword, role: 'ROLE_USER' },
      {
        name: onprem.freshUsername,
        password: onprem.freshPassword,
        role: 'ROLE_ADMIN',
        mustChangePassword: true,
      },
    ],
    phoneNumber: onprem.phoneNumber,
    registered: true,
  },
  kaleyra: {
    accounts: [
      {
        sid: kaleyra.sid,
        apiKey: kaleyra.apiKey,
        available: true,
        numbers: [
          { phone: kaleyra.phoneNumber, registered: true },
          { phone: kaleyra.secondPhoneNumber, registered: true },
          { phone: kaleyra.unregisteredPhoneNumber, registered: false },
        ],
      },
      { sid: kaleyra.closedSid, apiKey: kaleyra.closedApiKey, available: false, numbers: [] },
    ],
  },
  pbx: SAMPLE.pbx,
}

/** The id that `withGraphNumbers` gives its number `index`, counted from 0. */
export function fleetNumberId(index: number): string {
  return String(400_000_000_000_000 + index)
}

/** The world with `count` registered numbers without a key in its first WABA, and no others there. */
export function withGraphNumbers(world: World, count: number): World {
  const numbers = Array.from({ length: count }, (_, index) =>
    sampleNumber(fleetNumberId(index), index),
  )
  const wabas = world.graph.wabas.map((waba, index) => (index === 0 ? { ...waba, numbers } : waba))
  return { ...world, graph: { ...world.graph, wabas } }
}
