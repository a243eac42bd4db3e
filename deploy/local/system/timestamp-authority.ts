import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeAuthority } from '../authority/openssl.ts'
import type { ProcessPlan } from './process.ts'

/**
 * A time-stamp authority on this machine: a bureau asks one or two of those that the courts know. Makes its keys below
 * `directory` and writes the setting TIMESTAMP_AUTHORITIES to a file.
 */
export async function makeLocalAuthority(options: {
  directory: string
  logPath: string
  port: number
  detached: boolean
}): Promise<{ plan: ProcessPlan; settingFile: string; rootFile: string }> {
  const folder = join(options.directory, 'timestamp-authority')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { rootPath } = await makeAuthority(folder, 'ec')
  const address = `http://127.0.0.1:${options.port}`
  const settingFile = join(options.directory, 'timestamp-authorities.json')
  writeFileSync(settingFile, JSON.stringify([{ name: 'local', url: `${address}/`, rootsFile: rootPath }]))
  const plan = {
    name: 'timestamp-authority',
    command: ['deploy/local/timestamp-authority.ts', folder, String(options.port)],
    environment: {},
    statusAddress: address,
    logPath: options.logPath,
    detached: options.detached,
  }
  return { plan, settingFile, rootFile: rootPath }
}
