import { Hono, type Context } from 'hono'
import { parseFaultRule } from '../faults/rule.ts'
import { InputError, isRecord } from '../shared/readers.ts'
import type { SandboxControl } from './control.ts'
import {
  parseAdvance,
  parseBody,
  parseEvent,
  parseFilter,
  parseNumberChange,
  parseReset,
  parseRestart,
  parseSubscription,
  parseUpstream,
} from './input.ts'

/** The control API over HTTP, at `/_sandbox`: JSON both ways, 400 with `{error}` for bad input. */
export function createControlApp(control: SandboxControl, prefix: string): Hono {
  const app = new Hono().basePath(`${prefix}/_sandbox`)

  app.get('/health', (c) => c.json({ ok: true }))
  app.post('/reset', async (c) => {
    await control.reset(parseReset(await input(c)))
    return c.body(null, 204)
  })
  app.get('/faults', async (c) => c.json(await control.faults()))
  app.post('/faults', async (c) =>
    c.json(await control.addFault(parseFaultRule(await input(c))), 201),
  )
  app.delete('/faults', async (c) => {
    const upstream = c.req.query('upstream')
    await control.clearFaults(upstream === undefined ? undefined : parseUpstream(upstream))
    return c.body(null, 204)
  })
  app.delete('/faults/:id', async (c) => {
    await control.removeFault(c.req.param('id'))
    return c.body(null, 204)
  })
  app.get('/requests', async (c) => c.json(await control.requests(parseFilter(c.req.query()))))
  app.delete('/requests', async (c) => {
    await control.clearRequests()
    return c.body(null, 204)
  })
  app.get('/incidents', async (c) => c.json(await control.incidents()))
  app.post('/clock/advance', async (c) =>
    c.json(await control.advanceClock(parseAdvance(await input(c)))),
  )
  app.post('/onprem/restart', async (c) => {
    await control.restart(parseRestart(await input(c)))
    return c.body(null, 204)
  })
  app.delete('/onprem/certs', async (c) => {
    await control.dropCertsTable()
    return c.body(null, 204)
  })
  app.post('/pbx/unblock', async (c) => {
    await control.unblock()
    return c.body(null, 204)
  })
  app.post('/pbx/events', async (c) => c.json(await control.signEvent(parseEvent(await input(c)))))
  app.put('/graph/webhook', async (c) => {
    await control.subscribe(parseSubscription(await input(c)))
    return c.body(null, 204)
  })
  app.delete('/graph/webhook', async (c) => {
    await control.unsubscribe()
    return c.body(null, 204)
  })
  app.get('/:upstream/state', async (c) =>
    c.json(await control.state(parseUpstream(c.req.param('upstream')))),
  )
  app.patch('/:upstream/knobs', async (c) => {
    const change = await input(c)
    if (!isRecord(change)) throw new InputError('The body', 'must be a JSON object')
    await control.setKnobs(parseUpstream(c.req.param('upstream')), change)
    return c.body(null, 204)
  })
  app.patch('/:upstream/numbers/:number', async (c) => {
    const { upstream, number } = c.req.param()
    await control.setNumber(parseUpstream(upstream), number, parseNumberChange(await input(c)))
    return c.body(null, 204)
  })
  app.post('/:upstream/numbers/:number/reregister', async (c) => {
    const { upstream, number } = c.req.param()
    await control.reregister(parseUpstream(upstream), number)
    return c.body(null, 204)
  })
  app.post('/:upstream/tokens/expire', async (c) => {
    await control.expireTokens(parseUpstream(c.req.param('upstream')))
    return c.body(null, 204)
  })
  app.notFound((c) => c.json({ error: `There is no ${c.req.method} ${c.req.path} here` }, 404))
  app.onError((error, c) => {
    if (error instanceof InputError) return c.json({ error: error.message }, 400)
    throw error
  })
  return app
}

async function input(c: Context): Promise<unknown> {
  return parseBody(await c.req.text())
}
