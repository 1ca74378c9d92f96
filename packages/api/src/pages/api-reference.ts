import type { Route } from '../route.ts'
import { escapeHtml, page } from './html.ts'

/** The API on one page, from the same routes that serve it. */
export function apiReference(routes: readonly Route[]): Response {
  const byTag = Map.groupBy(routes, (route) => route.tag)
  const sections = [...byTag].map(
    ([tag, tagged]) => `<h2>${escapeHtml(tag)}</h2><table>${tagged.map(row).join('')}</table>`,
  )
  return page(
    'Latchkey API',
    `<h1>Latchkey API</h1>
<p>Every shape and field is in <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).
Every error is a problem document (RFC 9457) whose <code>type</code> leads to a page about it.</p>
${sections.join('')}`,
  )
}

function row(route: Route): string {
  const bodies = Object.keys(route.body ?? {}).join(', ')
  return `<tr><td><code>${route.method.toUpperCase()}</code></td>
<td><code>${escapeHtml(route.path)}</code><br>${escapeHtml(route.summary)}${
    bodies === '' ? '' : `<br><small>Body: ${escapeHtml(bodies)}</small>`
  }</td>
<td>${route.scope === null ? 'open' : `<code>${route.scope}</code>`}</td></tr>`
}
