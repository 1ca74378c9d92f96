import { page } from './html.ts'

/** What stands at `/` until the console does. */
export function landingPage(): Response {
  return page(
    'Latchkey',
    `<h1>Latchkey</h1>
<p>One REST API for the keys and certificates that live on other people’s systems.</p>
<h2>Start here</h2>
<pre><code>curl -s $LATCHKEY_URL/v1/numbers -H "Authorization: Bearer $LATCHKEY_TOKEN"</code></pre>
<p><code>$LATCHKEY_URL</code> is this page’s address. <code>pnpm start</code> printed a token and the first calls to make; a server in production has its first one in
<code>LATCHKEY_ADMIN_TOKEN</code>.</p>
<h2>Look further</h2>
<ul>
<li><a href="/docs">The API, route by route</a></li>
<li><a href="/openapi.json">The OpenAPI document</a></li>
<li><a href="/healthz">Is the process up?</a> <a href="/readyz">Does the storage answer?</a></li>
</ul>`,
  )
}
