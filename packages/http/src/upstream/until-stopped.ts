/** How long a transport that was told to stop may take to say whether it had sent anything. */
const GRACE_MS = 100

/** The promise, or a rejection soon after the signal: whatever a runtime does with an abort, the limit holds. */
export async function untilStopped<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const stopped = Promise.withResolvers<never>()
  let grace: ReturnType<typeof setTimeout> | undefined
  const onAbort = () => {
    grace = setTimeout(() => stopped.reject(new Error('Cannot wait: it was stopped')), GRACE_MS)
  }
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([promise, stopped.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    clearTimeout(grace)
  }
}
