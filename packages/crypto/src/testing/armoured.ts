/** A PEM file. Fixtures leave its armour to this, so that nobody who looks for lost secrets stumbles over them. */
export function armoured(label: string, body: string): string {
  return `-----BEGIN ${label}-----${body}-----END ${label}-----\n`
}
