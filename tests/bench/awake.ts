import { type FileHandle, open } from 'node:fs/promises'

/** For as long as it is open, the longest that a processor may take to wake up, in microseconds (Linux, PM QoS interface). */
const LATENCY_FILE = '/dev/cpu_dma_latency'
const AT_ONCE = new Uint8Array(4)

/**
 * Keeps the processors from going to sleep while something is timed: to wake one costs tens of microseconds on a virtual
 * machine, at every hand-over from one process to another, which is no property of what is timed.
 */
export async function awake<T>(say: (line: string) => void, time: () => Promise<T>): Promise<T> {
  const file = await keepAwake().catch(() => null)
  if (file === null) say(`cannot write ${LATENCY_FILE}: the processors may go to sleep meanwhile`)
  try {
    return await time()
  } finally {
    await file?.close()
  }
}

async function keepAwake(): Promise<FileHandle> {
  const file = await open(LATENCY_FILE, 'r+')
  try {
    await file.write(AT_ONCE)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}
