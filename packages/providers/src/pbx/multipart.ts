/** A part of a form: a plain field, or a file. */
export interface Part {
  readonly name: string
  readonly content: string
  readonly file?: { readonly name: string; readonly type: string }
}

const BOUNDARY = '----LatchkeyFormBoundary'

/** A form as RFC 7578 has it, its boundary one that stands in no part. */
export function multipartForm(parts: readonly Part[]): {
  readonly contentType: string
  readonly body: string
} {
  let boundary = BOUNDARY
  while (parts.some(({ content }) => content.includes(boundary))) boundary += 'x'
  const sections = parts.map(({ name, content, file }) => {
    const disposition = `Content-Disposition: form-data; name="${quoted(name)}"`
    const headers =
      file === undefined
        ? [disposition]
        : [`${disposition}; filename="${quoted(file.name)}"`, `Content-Type: ${file.type}`]
    return `--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n${content}\r\n`
  })
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: `${sections.join('')}--${boundary}--\r\n`,
  }
}

/**
 * As browsers escape names (RFC 7578 §4.2): a quote or backslash would move the end of the value, and a line break
 * begin another header.
 */
function quoted(text: string): string {
  return text.replaceAll(/["\\\p{Cc}]/gu, encodeURIComponent)
}
