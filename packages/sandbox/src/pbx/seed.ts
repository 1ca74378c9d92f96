/** One Yeastar P-Series PBX with one application that may use its OpenAPI. */
export interface PbxSeed {
  readonly serialNumber: string
  /** The `username` of `get_token`. */
  readonly clientId: string
  /** The `password` of `get_token`. */
  readonly clientSecret: string
  /** Signs the events that the PBX pushes. */
  readonly webhookSecret: string
}
