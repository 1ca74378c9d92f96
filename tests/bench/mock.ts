/** An upstream that costs next to nothing, in a process of its own: a key of Graph’s, and a completion of a model’s. */
import { createServer } from 'node:http'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'

const KEY = JSON.stringify({
  data: [{ business_public_key: FIXTURE_PEM, business_public_key_signature_status: 'VALID' }],
})
const COMPLETION = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'mock',
  choices: [
    { index: 0, message: { role: 'assistant', content: FIXTURE_PEM }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
})

function answerTo(method: string | undefined, path: string): string {
  if (!path.includes('whatsapp_business_encryption')) return COMPLETION
  return method === 'GET' ? KEY : '{"success":true}'
}

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(answerTo(request.method, request.url ?? ''))
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  process.stdout.write(`mock http://127.0.0.1:${port}\n`)
})
