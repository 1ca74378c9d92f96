export const PODS = ['in', 'sg', 'eu', 'na'] as const
export type Pod = (typeof PODS)[number]

/** Each pod's host as the pages on the key spell it, then what other pages say. */
const POD_HOSTS = {
  in: ['api.in.kaleyra.io'],
  sg: ['api.kaleyra.io', 'api.ap.kaleyra.io'],
  eu: ['api.eu.kaleyra.io'],
  na: ['api.na.kaleyra.ai', 'api.na.kaleyra.io'],
} as const satisfies Record<Pod, readonly string[]>

export const KALEYRA_HOSTS: readonly string[] = Object.values(POD_HOSTS).flat()

export function podUrl(pod: Pod): string {
  return `https://${POD_HOSTS[pod][0]}`
}
