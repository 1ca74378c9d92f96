/** A GET that is sent again and again. */
export interface Shot {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Load {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p99: number
}

export interface LoadOptions {
  readonly clients: number
  readonly seconds: number
}

/** Sends one request after the other for as many clients. @throws Error where one is answered with other than success */
export type Loader = (shot: Shot, options: LoadOptions) => Promise<Load>
