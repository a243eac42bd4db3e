import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../../services/foundation/errors.ts'
import type { CredentialName } from '../../store/setup.ts'

export type { CredentialName }

export const storeNames = ['primary', 'backup-a', 'backup-b'] as const
export type StoreName = (typeof storeNames)[number]

/** 'backup-a' → 'STORE_BACKUP_A' */
export function environmentPrefix(name: StoreName): string {
  return `STORE_${name.toUpperCase().replace('-', '_')}`
}

export const roleNames = ['owner', 'ingest', 'access', 'worker', 'sequencer'] as const
export type RoleName = (typeof roleNames)[number]

export interface Keys {
  readonly accessKey: string
  readonly secretKey: string
}

export interface PostgresState {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly superuserUrl: string
  readonly rolePasswords: Readonly<Record<RoleName, string>>
  /** Absent where the server was given by address. */
  readonly own?: { readonly folder: string; readonly programs: string; readonly uid?: number; readonly gid?: number }
}

export interface RedisState {
  readonly url: string
  readonly own?: { readonly folder: string; readonly port: number; readonly password: string }
}

/** Where a store's own server reports every call to: whoever runs workers' part `store-audit` listens there. */
export interface AuditTarget {
  readonly endpoint: string
  readonly token: string
}

export interface StoreState {
  readonly name: StoreName
  readonly endpoint: string
  readonly hostName: string
  readonly root: Keys
  readonly credentials: Readonly<Record<CredentialName, Keys>>
  readonly own?: { readonly folder: string; readonly port: number; readonly audit: AuditTarget }
}

export interface BucketNames {
  readonly originals: string
  readonly derived: string
  readonly tails: string
}

/** What stack.json holds: all that another process needs to use, restart and stop the servers. Mode 0600. */
export interface StackState {
  readonly directory: string
  readonly owner: { readonly pid: number; readonly startTicks: string }
  /** True when the servers outlive the process that started them. */
  readonly detached: boolean
  readonly postgres?: PostgresState
  readonly redis?: RedisState
  readonly stores: readonly StoreState[]
  readonly buckets: BucketNames
  /** Where the stores report what was read from them, whether somebody listens or not. */
  readonly auditPort: number
}

export function statePath(directory: string): string {
  return join(directory, 'stack.json')
}

export function writeState(state: StackState): void {
  const path = statePath(state.directory)
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  chmodSync(`${path}.new`, 0o600)
  renameSync(`${path}.new`, path)
}

/** Reads stack.json; undefined when there is none. */
export function readState(directory: string): StackState | undefined {
  try {
    return JSON.parse(readFileSync(statePath(directory), 'utf8'))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Fault('bad_config', `${statePath(directory)} cannot be read`, { cause })
  }
}
