import type { Event } from '@latchkey/core'
import { expect } from 'vitest'
import { KEY_LINE } from './certificate-provider.ts'
import type { CertificateWorld } from './certificate-world.ts'

/** Once all has come to rest, both sides tell the same of certificates that are listed. */
export async function expectAtRest(world: CertificateWorld): Promise<void> {
  const { kept, events } = await expectIdle(world)
  const { upstream } = world
  expect(upstream.surprises).toEqual([])
  expect(new Set(upstream.created).size).toBe(upstream.created.length)
  const there = upstream
    .list()
    .map(({ upstreamId, name, status }) => `${upstreamId} ${name} ${status}`)
  const known = kept
    .filter(({ upstreamId }) => upstreamId !== null)
    .map(({ upstreamId, name, status }) => {
      return `${upstreamId} ${name} ${status === 'active' ? 'installed' : status}`
    })
  expect(known.toSorted()).toEqual(there.toSorted())
  // Nothing that somebody asked for is met as a stranger's.
  expect(events.filter(({ type }) => type === 'certificate.discovered')).toEqual([])
  expect(kept.filter(({ status }) => status === 'active').length).toBeLessThanOrEqual(1)
  for (const [subject, told] of storiesOf(events)) {
    expect(isWhole(told), `${subject}: ${told.join(', ')}`).toBe(true)
  }
}

/** Once all has come to rest, the slots hold what the ledger says. */
export async function expectSlotsAgree(world: CertificateWorld): Promise<void> {
  const { kept, events } = await expectIdle(world)
  expect(new Set(kept.map(({ purpose }) => purpose)).size).toBe(kept.length)
  for (const { id, purpose, status, bundle } of kept) {
    // Even a storm may last for all the times that a file is sent.
    if (status === 'failed') continue
    expect(status).toBe('installed')
    expect(world.upstream.slots.get(purpose)).toContain(bundle?.pem)
    const taken = events.filter(({ subject, type }) => {
      return subject === id && type === 'certificate.installed'
    })
    expect(taken.at(-1)?.data['fingerprint']).toBe(bundle?.details.fingerprint)
  }
  const there = [...world.upstream.slots.keys()]
  expect(kept.map(({ purpose }) => purpose)).toEqual(expect.arrayContaining(there))
}

async function expectIdle(world: CertificateWorld) {
  const kept = await world.certificates()
  const { entries, lease } = await world.inventory()
  const events = await world.events()
  expect(world.defects).toEqual([])
  expect(lease).toBeNull()
  expect(kept.filter(({ work }) => work !== null)).toEqual([])
  expect(kept.filter(({ status }) => status === 'pending')).toEqual([])
  expect(JSON.stringify([kept, events])).not.toContain(KEY_LINE)
  expect(entries.map(({ certificateId }) => certificateId).toSorted()).toEqual(
    kept.map(({ id }) => id).toSorted(),
  )
  return { kept, events }
}

function storiesOf(events: readonly Event[]): ReadonlyMap<string, readonly string[]> {
  const stories = new Map<string, readonly string[]>()
  for (const { subject, type } of events) {
    if (!type.startsWith('certificate.')) continue
    const told = stories.get(subject) ?? []
    stories.set(subject, [...told, type.slice('certificate.'.length)])
  }
  return stories
}

/** Asked for, then there or not, then perhaps put in use, at last perhaps gone: each told once. */
function isWhole(told: readonly string[]): boolean {
  const outcome = '(failed|removed|installed( activated| failed)*( removed| vanished)?)'
  return new RegExp(`^requested ${outcome}$|^requested failed (removed|vanished)$`).test(
    told.join(' '),
  )
}
