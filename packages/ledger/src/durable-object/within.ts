/** Waits for `work`, but no longer than `ms`; what it comes to is for others to see. */
export async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  try {
    await Promise.race([work, timeout])
  } finally {
    // A timer that runs on keeps a Durable Object in memory, which is paid for.
    clearTimeout(timer)
  }
}
