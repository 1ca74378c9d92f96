/**
 * As much of `cloudflare:workers` as this package uses. A Worker that uses the package brings
 * `@cloudflare/workers-types`, which says the same and more; this file is not part of its program.
 */
declare module 'cloudflare:workers' {
  interface DurableObjectState {
    readonly id: { readonly name?: string }
    // An ambient module cannot import by a relative name.
    // oxlint-disable-next-line typescript/consistent-type-imports
    readonly storage: import('./storage.ts').ObjectStorage
  }

  export abstract class DurableObject<Env = unknown> {
    protected ctx: DurableObjectState
    protected env: Env
    constructor(ctx: DurableObjectState, env: Env)
    alarm?(): void | Promise<void>
  }

  export const env: Readonly<Record<string, unknown>>
}
