/** So much may wait to be read before the connection is read no further. */
const WAITING_MAX_BYTES = 64 * 1024

/** The connection that a body comes from. */
export interface Source {
  readonly paused: boolean
  pause(): void
  resume(): void
  abort(reason: Error): void
}

/** A body as it arrives, for one reader. Who stops reading it ends its connection. */
export class Arriving implements AsyncIterable<Uint8Array> {
  readonly #source: Source
  #chunks: Uint8Array[] = []
  #bytes = 0
  #ending: { readonly error: Error | null } | null = null
  #wake: () => void = () => {}

  constructor(source: Source) {
    this.#source = source
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    if (this.#bytes > WAITING_MAX_BYTES) this.#source.pause()
    this.#wake()
  }

  end(): void {
    this.#finish(null)
  }

  fail(error: Error): void {
    this.#finish(error)
  }

  #finish(error: Error | null): void {
    this.#ending ??= { error }
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        const chunks = this.#chunks
        this.#chunks = []
        this.#bytes = 0
        yield* chunks
        if (this.#chunks.length > 0) continue
        if (this.#ending !== null) break
        if (this.#source.paused) this.#source.resume()
        await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      if (this.#ending === null) this.#source.abort(new Error('Cannot go on: nobody reads'))
    }
    if (this.#ending.error !== null) throw this.#ending.error
  }
}
