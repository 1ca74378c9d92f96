import { describe, expect, test } from 'vitest'
import { createRecorder, type Recorder } from './recorder.ts'

function record(recorder: Recorder, path: string): number {
  return recorder.record({
    at: 0,
    upstream: 'graph',
    method: 'GET',
    path,
    query: {},
    headers: {},
    encoding: 'none',
    fields: {},
    text: null,
    bodyBytes: 0,
  })
}

describe('createRecorder()', () => {
  test('keeps the last 2000 requests and counts those that no longer fit', () => {
    const recorder = createRecorder()
    for (let count = 0; count < 2_003; count += 1) recorder.complete(record(recorder, '/'), 200)
    const { requests, dropped } = recorder.read(() => true)
    expect([requests.length, requests[0]?.sequence, dropped]).toEqual([2_000, 4, 3])
  })

  test('counts the earlier requests that still wait, by upstream and by path', () => {
    const recorder = createRecorder()
    const first = record(recorder, '/a')
    record(recorder, '/b')
    record(recorder, '/a')
    recorder.complete(first, null)
    record(recorder, '/a')
    expect(recorder.read(() => true).requests.map((each) => each.inFlight)).toEqual([
      { upstream: 0, path: 0 },
      { upstream: 1, path: 0 },
      { upstream: 2, path: 1 },
      { upstream: 2, path: 1 },
    ])
  })
})
