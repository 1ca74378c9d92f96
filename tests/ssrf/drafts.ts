/** A connection of each provider, but for its base URL, and a number that it can have. */
export interface Draft {
  readonly config: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
  /** Null: its connections have no numbers. */
  readonly upstreamId: string | null
}

/** By provider id: a provider that is added fails here until it has a line. */
export const DRAFTS: Readonly<Record<string, Draft>> = {
  graph: {
    config: { wabaId: '200000000000001' },
    credentials: { accessToken: 'a-token' },
    upstreamId: '300000000000001',
  },
  onprem: {
    config: {},
    credentials: { username: 'admin', password: 'a-password' },
    upstreamId: '+15550100001',
  },
  kaleyra: { config: { sid: 'S1' }, credentials: { apiKey: 'a-key' }, upstreamId: '+919900000001' },
  pbx: {
    config: {},
    credentials: { clientId: 'a-client', clientSecret: 'a-secret' },
    upstreamId: null,
  },
}
