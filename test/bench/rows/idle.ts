import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { accountsCsv, demoAccounts, demoDevices, devicesCsv } from '../../../deploy/local/demo/bureau.ts'
import { type Stack, startStack, stopStack } from '../../../deploy/local/stack.ts'
import { startSystem } from '../../../deploy/local/system.ts'
import { type Db, openDatabase } from '../../../services/foundation/db/database.ts'
import type { Family, RunOptions } from '../family.ts'
import { repeated } from '../harness.ts'
import { childrenOf, cpuSeconds } from '../process-figures.ts'

const measuredMs = 30_000
/** A round begins when nothing has been written for this long: what a start or the round before left to do is done. */
const quietSeconds = 10
const quietMsMax = 180_000

/** What the product costs while nobody uses it. */
export const idleRows: Family = {
  rows: [
    {
      name: 'idle/cpu',
      goal: { of: 'ours', atMost: 5 },
      unit: '% of one core',
      what: `CPU time of every process of the product over ${measuredMs / 1000} s in which nothing happens`,
    },
  ],
  run: (options) =>
    inIdleSystem(options, async ({ stack, db, pids }) => {
      const rounds = await repeated(options.rounds, async () => {
        await untilQuiet(db)
        const [products, servers] = await Promise.all([percents(pids), percents(serverPids(stack))])
        const total = Object.values(products).reduce((sum, percent) => sum + percent, 0)
        options.say(`${total.toFixed(2)} %: ${textOf(products)}; beside them ${textOf(servers)}`)
        return { total, products, servers }
      })
      const { products, servers } = rounds.at(-1)!
      const note = `${textOf(products)}; the servers, which do not count: ${textOf(servers)}`
      return { 'idle/cpu': { ours: rounds.map(({ total }) => total), theirs: null, note } }
    }),
}

interface IdleSystem {
  readonly stack: Stack
  readonly db: Db
  /** Our processes, the witness and the time-stamp authority included. */
  readonly pids: Readonly<Record<string, number>>
}

/** The whole local system as `npm run demo` starts it, with accounts and devices and without footage. */
async function inIdleSystem<T>(options: RunOptions, work: (system: IdleSystem) => Promise<T>): Promise<T> {
  const { directory } = options
  mkdirSync(directory, { recursive: true, mode: 0o711 })
  const accountsFile = join(directory, 'accounts.csv')
  const devicesFile = join(directory, 'devices.csv')
  writeFileSync(accountsFile, accountsCsv(demoAccounts))
  writeFileSync(devicesFile, devicesCsv(demoDevices()))
  const stack = await startStack({ directory: join(directory, 'stack') })
  try {
    const system = await startSystem({
      stack,
      directory: join(directory, 'system'),
      setup: {
        accountsFile,
        devicesFile,
        passwordsFile: join(directory, 'first-passwords.json'),
      },
    })
    const db = openDatabase({
      url: stack.postgres.urlFor('owner'),
      applicationName: 'bench',
      connectionsMax: 1,
      onConnectionError: (error) => options.say(`a connection to the database broke: ${error.message}`),
    })
    try {
      const pids = Object.entries(system.processes).map(([name, { pid }]) => [name, pid] as const)
      return await work({ stack, db, pids: Object.fromEntries(pids) })
    } finally {
      await db.destroy()
      await system.stop()
    }
  } finally {
    await stopStack(stack, { remove: true })
  }
}

/** Nothing waits for anybody, and the last event is `quietSeconds` old. @throws after three minutes */
async function untilQuiet(db: Db): Promise<void> {
  const deadline = performance.now() + quietMsMax
  for (;;) {
    const { rows } = await sql<{ quiet: boolean }>`
      with tree as (select max(size) as size from checkpoint)
      select not exists (select from event
          where leaf_index is null or committed_at > now() - ${quietSeconds} * interval '1 second')
        and not exists (select from job where state = 'pending')
        and not exists (select from timestamp_attempt where done_at is null)
        and (select max(size) from witnessed) = (select size from tree)
        and (select min(archived_to) from archive_progress) = (select size from tree) as quiet`.execute(db)
    if (rows[0]?.quiet === true) return
    if (performance.now() > deadline) throw new Error('the system did not come to rest within three minutes')
    await delay(500)
  }
}

/** CPU time of each, and of the children it has now and waited for, in percent of one core over `measuredMs`. */
async function percents(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const used = () => Object.entries(pids).map(([name, pid]) => [name, treeSeconds(pid)] as const)
  const begun = performance.now()
  const before = new Map(used())
  await delay(measuredMs)
  const seconds = (performance.now() - begun) / 1000
  return Object.fromEntries(used().map(([name, after]) => [name, ((after - before.get(name)!) / seconds) * 100]))
}

function treeSeconds(pid: number): number {
  return cpuSeconds(pid) + childrenOf(pid).reduce((sum, child) => sum + treeSeconds(child), 0)
}

/** PostgreSQL, Redis and the stores, by the pid files of the stack. */
function serverPids(stack: Stack): Record<string, number> {
  const folder = join(stack.directory, 'pids')
  const pidOf = (name: string) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { pid: number }).pid
  return Object.fromEntries(readdirSync(folder).map((name) => [name, pidOf(name)]))
}

function textOf(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .sort(([, a], [, b]) => b - a)
    .map(([name, percent]) => `${name} ${percent.toFixed(2)}`)
    .join(', ')
}
