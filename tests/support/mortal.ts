import type { Services } from '@latchkey/core'

/**
 * The same services as a process has them that dies after so many calls to the world outside: what it asked for last
 * still happens, and it never hears of it.
 */
export function mortal(services: Services, calls: number): Services {
  const { ledger, upstream, courier } = services
  let left = calls
  const whileAlive = async <T>(call: () => Promise<T>): Promise<T> => {
    left -= 1
    const answer = left >= 0 ? call() : forever
    // A failure that nobody waits for any more is nobody's.
    answer.catch(() => undefined)
    return left > 0 ? answer : forever
  }
  return {
    ...services,
    ledger: {
      ...ledger,
      read: (key) => whileAlive(() => ledger.read(key)),
      mutate: (key, decide) => whileAlive(() => ledger.mutate(key, decide)),
    },
    upstream: {
      timeoutMs: upstream.timeoutMs,
      admit: (origin) => upstream.admit(origin),
      perform: (call) => whileAlive(() => upstream.perform(call)),
      servedCertificate: upstream.servedCertificate,
      pace: upstream.pace,
    },
    courier: {
      admit: (url) => courier.admit(url),
      post: (parcel) => whileAlive(() => courier.post(parcel)),
    },
  }
}

const forever = new Promise<never>(() => undefined)

/** The same services as a process has them that is suspended for a while when so many of its commits are made. */
export function suspended(
  services: Services,
  { commits, ms }: { readonly commits: number; readonly ms: number },
): Services {
  const { ledger, clock } = services
  let left = commits
  return {
    ...services,
    ledger: {
      ...ledger,
      async mutate(key, decide) {
        const result = await ledger.mutate(key, decide)
        left -= 1
        if (left === 0) await clock.sleep(ms)
        return result
      },
    },
  }
}
