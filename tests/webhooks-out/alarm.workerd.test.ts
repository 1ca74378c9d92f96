import { expect, test } from 'vitest'
import { makeEndpoint, makeSubject, rename } from '../api/harness/endpoints.ts'
import { eventually } from '../api/harness/eventually.ts'
import { newReceiver, SILENCE } from '../api/harness/receiver-control.ts'
import { openWorkerdHarness } from '../api/harness/workerd.ts'

// Nothing asks the objects for anything here: the platform's own alarms have to go off.
test('an event is sent by the alarm that its arrival sets, and tried again by the next', async () => {
  const api = await openWorkerdHarness()
  const receiver = newReceiver(api.receiversUrl)
  const subject = await makeSubject(api)
  await makeEndpoint(api, receiver.url, ['connection.updated'])
  for (let count = 1; count <= 3; count += 1) {
    await rename(api, subject, `name ${count}`)
    const received = await eventually(
      () => receiver.received(),
      (messages) => messages.length >= count,
    )
    expect(received).toHaveLength(count)
  }
  await receiver.answer(204, 500)
  await rename(api, subject, 'refused once')
  const tried = () =>
    eventually(
      () => receiver.received(),
      (messages) => messages.length >= 5,
    )
  // The first pause of the schedule is a little longer than one wait here.
  await tried()
  expect((await tried()).map(({ status }) => status)).toEqual([204, 204, 204, 500, 204])
  await api.close()
})

// An alarm that runs lets no other go off: whoever waits for one answer in it would hold up everything.
test('a receiver that never answers keeps no other endpoint waiting', async () => {
  const api = await openWorkerdHarness()
  const [silent, good] = [newReceiver(api.receiversUrl), newReceiver(api.receiversUrl)]
  await silent.answer(SILENCE)
  const subject = await makeSubject(api)
  await makeEndpoint(api, silent.url, ['connection.updated'])
  await makeEndpoint(api, good.url, ['connection.updated'])
  for (let count = 1; count <= 3; count += 1) {
    await rename(api, subject, `name ${count}`)
    const received = await eventually(
      () => good.received(),
      (messages) => messages.length >= count,
    )
    expect(received).toHaveLength(count)
  }
  expect(await silent.received()).toHaveLength(1)
  await api.close()
})
