/** `pnpm build:worker`: what wrangler deploys, and serves on this machine. Takes another folder to write to. */
import { resolve } from 'node:path'
import { buildWorker } from './bundle.ts'

const [folder] = process.argv.slice(2)
await buildWorker(folder === undefined ? undefined : resolve(folder))
