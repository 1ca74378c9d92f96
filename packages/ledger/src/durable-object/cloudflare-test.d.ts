/** As much of `cloudflare:test` (`@cloudflare/vitest-plugin`) as the tests of this package use. */
declare module 'cloudflare:test' {
  // An ambient module cannot import by a relative name.
  // oxlint-disable-next-line typescript/consistent-type-imports
  type TestedStorage = import('./storage.ts').ObjectStorage & {
    getAlarm(): Promise<number | null>
    deleteAlarm(): Promise<void>
  }

  export function runInDurableObject<R>(
    stub: object,
    callback: (instance: unknown, state: { readonly storage: TestedStorage }) => R,
  ): Promise<Awaited<R>>
  export function runDurableObjectAlarm(stub: object): Promise<boolean>
  export function evictDurableObject(stub: object): Promise<void>
  export function abortAllDurableObjects(): Promise<void>
  export function evictAllDurableObjects(): Promise<void>
  export function reset(): Promise<void>
}
