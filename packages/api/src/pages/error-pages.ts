import { Fault, type FaultCode, FAULTS } from '@latchkey/core'
import { ERROR_ADVICE } from './error-advice.ts'
import { escapeHtml, page } from './html.ts'

/** The page that a problem's `type` points to. @throws Fault not_found */
export function errorPage(code: string): Response {
  if (!isCode(code)) throw new Fault('not_found', 'Cannot find an error of this code')
  const { status, title, retryable } = FAULTS[code]
  const { meaning, remedy } = ERROR_ADVICE[code]
  return page(
    `${code} · Latchkey`,
    `<h1><code>${code}</code></h1>
<p>${inline(title)} · HTTP ${status}${retryable ? ' · worth repeating' : ''}</p>
<h2>What it means</h2><p>${inline(meaning)}</p>
<h2>What to do</h2><p>${inline(remedy)}</p>
<p><a href="/docs">API documentation</a></p>`,
  )
}

function isCode(code: string): code is FaultCode {
  return Object.hasOwn(FAULTS, code)
}

/** Escapes, then shows what stands in backticks as code. */
function inline(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}
