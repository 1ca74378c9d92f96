import { inject } from 'vitest'

/** The text of a file of vectors, from inside workerd; null on a machine that does not have it. */
export async function fetchVectors(name: string): Promise<string | null> {
  const response = await fetch(`${inject('vectorsUrl')}/${name}`)
  return response.ok ? response.text() : null
}
