import { importPublicKey, toBase64 } from '@latchkey/crypto'
import { keptFile } from './kept-file.ts'

/** A public key to try things with; its private half is thrown away. Gives the path of its file. */
export async function samplePublicKey(folder: string): Promise<string> {
  const path = `${folder}/sample-public-key.pem`
  await keptFile(path, freshPem)
  return path
}

async function freshPem(): Promise<string> {
  const algorithm = {
    name: 'RSA-OAEP',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
  const { publicKey } = await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt'])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
  return (await importPublicKey(toBase64(spki))).pem
}
