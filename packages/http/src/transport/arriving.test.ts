import { describe, expect, test } from 'vitest'
import { Arriving, type Source } from './arriving.ts'

const KIB = 1024

function source() {
  const told: string[] = []
  const from: Source & { paused: boolean } = {
    paused: false,
    pause() {
      from.paused = true
      told.push('pause')
    },
    resume() {
      from.paused = false
      told.push('resume')
    },
    abort: () => void told.push('abort'),
  }
  return { from, told }
}

const bytes = (length: number) => new Uint8Array(length)

async function lengths(body: Arriving): Promise<readonly number[]> {
  const read: number[] = []
  for await (const chunk of body) read.push(chunk.byteLength)
  return read
}

async function readFirst(body: Arriving): Promise<void> {
  const iterator = body[Symbol.asyncIterator]()
  await iterator.next()
  await iterator.return()
}

describe('Arriving', () => {
  test('hands on what came before and after it is read, in order', async () => {
    const { from, told } = source()
    const body = new Arriving(from)
    body.push(bytes(1))
    const read = lengths(body)
    await Promise.resolve()
    body.push(bytes(2))
    body.push(bytes(3))
    body.end()
    expect(await read).toEqual([1, 2, 3])
    expect(told).toEqual([])
  })

  test('fails where the connection did, after what had come', async () => {
    const body = new Arriving(source().from)
    body.push(bytes(1))
    body.fail(new Error('Cannot read: it closed'))
    const iterator = body[Symbol.asyncIterator]()
    expect(await iterator.next()).toMatchObject({ done: false })
    await expect(iterator.next()).rejects.toThrow('it closed')
  })

  // An upstream that sends faster than it is read must not fill the memory.
  test('stops its connection while too much waits, and goes on when it was read', async () => {
    const { from, told } = source()
    const body = new Arriving(from)
    body.push(bytes(64 * KIB))
    expect(told).toEqual([])
    body.push(bytes(1))
    expect(told).toEqual(['pause'])
    const iterator = body[Symbol.asyncIterator]()
    await iterator.next()
    await iterator.next()
    const next = iterator.next()
    await new Promise((resolve) => {
      setTimeout(resolve)
    })
    body.end()
    expect(await next).toMatchObject({ done: true })
    expect(told).toEqual(['pause', 'resume'])
  })

  test('ends its connection where the reader stops early, and leaves it where all has come', async () => {
    const early = source()
    const cut = new Arriving(early.from)
    cut.push(bytes(1))
    await readFirst(cut)
    expect(early.told).toEqual(['abort'])
    const late = source()
    const whole = new Arriving(late.from)
    whole.push(bytes(1))
    whole.end()
    await readFirst(whole)
    expect(late.told).toEqual([])
  })
})
