import { hash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Test } from 'tap'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { memoriesOf } from '../../../services/ledger/guard/memories.ts'
import { openStartGuard, type StartGuardDeps } from '../../../services/ledger/guard/start-guard.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { openHeadFile } from '../../../services/ledger/log/head.ts'
import { openSecretSource } from '../../../services/ledger/log/sequence/subject-secrets.ts'
import { loadTreeState } from '../../../services/ledger/log/sequence/tree-state.ts'
import { sequenceOnce } from '../../../services/ledger/log/sequencer.ts'
import { putBackTo } from '../../support/restored-database.ts'
import { makeTestLog, type TestLog } from '../../support/sequencer.ts'
import { openWorld, type World } from '../../support/world.ts'

/** A log with its database, head and stores, for what happens before its first signature. */
export interface GuardedLedger {
  readonly world: World
  readonly log: TestLog
  /** Adds events one by one, each under a checkpoint of its own; returns the newest note. */
  grow(count: number): Promise<string>
  /** Database and head at `size`: what a machine that was put back as a whole looks like. */
  putBack(size: number): Promise<void>
  /** Runs the guard; resolves to whether it let the sequencer sign. */
  guard(options?: Partial<StartGuardDeps> & { policy?: string }): Promise<boolean>
}

export async function openLedger(t: Test): Promise<GuardedLedger> {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const deps = {
    ...log,
    db: world.db,
    head: openHeadFile(log.headPath, log.origin),
    clock: world.clock,
    log: world.log,
  }
  const secrets = openSecretSource(log.vrfSecretKey)
  return {
    world,
    log,
    grow: async (count) => {
      let note = ''
      for (let n = 0; n < count; n += 1) {
        const subjects = [{ type: 'test', id: 'a' }]
        const event = { kind: 'test.happened', at: new Date(), actor: 't', actorRole: 'service', subjects, details: {} }
        await world.db.transaction().execute((trx) => appendEvent(trx, event))
        secrets.numbers.clear()
        const state = await sequenceOnce(deps, secrets, await loadTreeState(world.db, deps.head))
        note = await noteOf(world, state.publishedSize)
      }
      return note
    },
    putBack: async (size) => {
      await putBackTo(world, size)
      const { root } = await world.db
        .selectFrom('checkpoint')
        .select('root')
        .where('size', '=', size)
        .executeTakeFirstOrThrow()
      await writeFile(log.headPath, JSON.stringify({ origin: log.origin, size, root: root.toString('hex') }))
    },
    guard: async ({ policy, ...options } = {}) => {
      const keys = parseLogKeys(log.verifierKeys)
      const stores = world.storesFor('sequencer')
      const memories = memoriesOf(
        { db: world.dbFor('sequencer'), stores, clock: world.clock, log: world.log, keys },
        policy === undefined ? null : parsePolicy(policy),
      )
      const guard = openStartGuard({
        db: world.dbFor('sequencer'),
        head: deps.head,
        memories,
        log: world.log,
        answerTimeoutMs: 60_000,
        ...options,
      })
      let signed = false
      await guard.run(new AbortController().signal, async () => {
        t.same(guard.unanswered(), [], 'all were asked')
        signed = true
      })
      return signed
    },
  }
}

export async function noteOf(world: World, size: number): Promise<string> {
  const row = await world.db.selectFrom('checkpoint').select('note').where('size', '=', size).executeTakeFirstOrThrow()
  return row.note
}

/** The head of a log that signed before. */
export const someHead = { read: async () => ({ size: 0, root: Buffer.alloc(32) }) }

/** Where a store keeps the checkpoint of this size. */
export const keyOf = (log: TestLog, size: number) =>
  `ledger/${hash('sha256', log.origin)}/checkpoint/${String(size).padStart(16, '0')}`
