import type { Signer } from '../ports.ts'

/** A signer whose code is loaded when it is first needed: the log is signed once an hour. */
export function lazySigner(load: () => Promise<Signer>): Signer {
  return {
    async generate() {
      const signer = await load()
      return signer.generate()
    },
    async sign(payload, privateJwk) {
      const signer = await load()
      return signer.sign(payload, privateJwk)
    },
    async verify(jws, publicJwk) {
      const signer = await load()
      return signer.verify(jws, publicJwk)
    },
  }
}
