// MinIO's own client, the program of others that we are compared with.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { minioClient } from '../../deploy/local/install/programs.mjs'
import { type StoreName, storeNames } from '../../deploy/local/stack/state.ts'
import type { Bureau } from './bureau.ts'

const run = promisify(execFile)

/** Runs `mc` on the bureau's stores, which it knows by their names (`primary/originals/…`). Returns its output. */
export async function mc(bureau: Bureau, args: readonly string[]): Promise<string> {
  const { program, environment, common } = mcOf(bureau)
  const { stdout } = await run(program, [...common, ...args], { env: environment, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

/** Reads an object through `mc cat` into `openssl sha256` and returns the digest in hex. */
export async function mcSha256(bureau: Bureau, object: string): Promise<string> {
  const { program, environment, common } = mcOf(bureau)
  const cat = spawn(program, [...common, 'cat', object], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  const hash = spawn('openssl', ['sha256', '-r'], { stdio: [cat.stdout, 'pipe', 'inherit'] })
  cat.stdout.destroy() // the hasher has its own end of the pipe now
  const [text, [code]] = await Promise.all([hash.stdout.setEncoding('utf8').toArray(), once(cat, 'exit')])
  if (code !== 0) throw new Error(`mc cat ${object} ended with ${code}`)
  return text.join('').slice(0, 64)
}

function mcOf(bureau: Bureau): { program: string; environment: Record<string, string>; common: string[] } {
  const program = minioClient()
  if (!program)
    throw new Error(
      'mc (the MinIO client) was not found: `npm run bench` and `npm run proofs` install it, or give MC_BIN',
    )
  const hosts = storeNames.map((name): [string, string] => {
    const { endpoint, rootAccessKey, rootSecretKey } = bureau.stack.stores[name]
    return [`MC_HOST_${aliasOf(name)}`, endpoint.replace('://', `://${rootAccessKey}:${rootSecretKey}@`)]
  })
  const environment = { PATH: process.env.PATH ?? '', HOME: bureau.directory, ...Object.fromEntries(hosts) }
  return { program, environment, common: ['--config-dir', join(bureau.directory, 'mc'), '--quiet', '--no-color'] }
}

/** mc takes letters and digits only from the environment. */
export function aliasOf(name: StoreName): string {
  return name.replace('-', '')
}
