import { parsePolicy } from '../../services/ledger/format/policy.ts'
import { type Witness, witnessesOf } from '../../services/ledger/format/witnesses.ts'
import { appendEvent } from '../../services/ledger/log/append.ts'
import { openWitnessClient } from '../../services/ledger/witness/client.ts'
import { type Pace, runWitness } from '../../workers/witness.ts'
import type { TestLog } from './sequencer.ts'
import type { Teardown } from './stack.ts'
import type { World } from './world.ts'

/** Runs the loop of each online witness of a policy over the world's database until `stop` (or the test's end). */
export function startWitnessLoops(
  t: Teardown,
  world: World,
  log: TestLog,
  policyText: string,
  options: { pace?: Partial<Pace>; answerTimeoutMs?: number } = {},
): { stop(): Promise<void> } {
  const policy = parsePolicy(policyText)
  const stopper = new AbortController()
  const db = world.dbFor('worker')
  const online = witnessesOf(policy).filter((witness): witness is Witness & { url: string } => witness.url !== null)
  const talks = online.map((witness) => {
    const client = openWitnessClient(witness.url, options)
    const { origin } = log
    const { notices } = world
    const deps = { db, notices, clock: world.clock, log: world.log, origin, policy, client, pace: options.pace }
    return runWitness(deps, witness, stopper.signal).finally(() => client.close())
  })
  const stop = async () => {
    stopper.abort()
    await Promise.all(talks)
  }
  t.teardown(stop)
  return { stop }
}

/** Commits one event; it gets its leaf and checkpoint from the sequencer. */
export function appendOne(world: World, subject = 'recording:a'): Promise<string> {
  const [type, id] = subject.split(':') as [string, string]
  const act = { kind: 'test.happened', at: world.clock.now(), actor: 'test', actorRole: 'service' }
  return world.db.transaction().execute((trx) => appendEvent(trx, { ...act, subjects: [{ type, id }], details: {} }))
}

/** Size of the newest witnessed checkpoint; 0 for none. */
export async function witnessedSize(world: World): Promise<number> {
  const row = await world.db.selectFrom('witnessed').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst()
  return row?.size ?? 0
}

export async function publishedSize(world: World): Promise<number> {
  const row = await world.db.selectFrom('checkpoint').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst()
  return row?.size ?? 0
}
