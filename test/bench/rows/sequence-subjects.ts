// The row `ledger/sequence-subjects`: does the sequencer keep its speed when its memory holds few of the live subjects?
//
// Two bureaus, one with a million live subjects (in a short run fewer, but still far beyond what the sequencer remembers) and
// one with a thousand. Each live subject has a stored secret and a first event, which
// the sequencer itself placed. The stored secrets and proofs are seeded random bytes instead of VRF outputs, which would take
// an hour to make. Their MACs are real, made by the product's own function with the log's own key, so the sequencer does the
// same work with them. New subjects during a round are proven by the VRF as always.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../../../services/foundation/db/database.ts'
import { newId } from '../../../services/foundation/id.ts'
import { appendEvent, subjectsMax } from '../../../services/ledger/log/append.ts'
import { secretMacKey } from '../../../services/ledger/log/sequence/secret-mac.ts'
import { writeSecrets } from '../../../services/ledger/log/sequence/stored-secrets.ts'
import { type Bureau, inBureau } from '../bureau.ts'
import type { Family, RunOptions } from '../family.ts'
import { inTurn } from '../harness.ts'
import { forgetPeakMemory, peakMemoryMiB } from '../process-figures.ts'
import { caughtUp, eventsOf, type NextEvent, writeFor, writersMax } from './writers.ts'

const roundMs = 5_000
const few = 1_000
const many = 1_000_000
/** Five times what the sequencer remembers. */
const shortMany = 100_000
/** One event in so many is the first of a new subject. */
const newEvery = 8
/** A prime that divides neither number of subjects: live ones are visited in a scattered order, each as often as the others. */
const stride = 7_919
const chunkSubjects = 8_000

interface Side {
  readonly name: string
  readonly bureau: Bureau
  readonly pool: Db
  readonly next: () => NextEvent
  readonly sequencerPid: number
}

interface Round {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly peakMiB: number
}

/** Events that get their place a second, over many live subjects and over few. */
export const sequenceSubjectsRows: Family = {
  rows: [
    {
      name: 'ledger/sequence-subjects',
      goal: { of: 'ratio', atLeast: 0.8 },
      unit: 'events/s',
      what: `${writersMax} writers until the last event is signed, 1 in ${newEvery} of a new subject: ${many} live subjects ÷ ${few}`,
    },
  ],
  short: `${shortMany} live subjects instead of ${many}`,
  limitMinutes: 45,
  run: async (options) => {
    const subjects = options.isShort ? shortMany : many
    return withSide(options, subjects, (ours) => withSide(options, few, (theirs) => measure(options, ours, theirs)))
  },
}

async function measure({ rounds, say }: RunOptions, ours: Side, theirs: Side) {
  const all = new Map<Side, Round[]>([
    [ours, []],
    [theirs, []],
  ])
  const run = async (side: Side) => {
    const round = await oneRound(side)
    say(`${side.name}: ${textOf(round)}`)
    all.get(side)!.push(round)
    return round.perSecond
  }
  const figures = await inTurn(
    rounds,
    () => run(ours),
    () => run(theirs),
  )
  // The first round of each does not count.
  const notes = [ours, theirs].map((side) => `${side.name}: ${all.get(side)!.slice(1).map(textOf).join(' | ')}`)
  const note = `${notes.join('; ')}. The stored secrets of the live subjects are seeded random bytes with real MACs`
  return { 'ledger/sequence-subjects': { ...figures, note } }
}

function withSide<T>(options: RunOptions, subjects: number, work: (side: Side) => Promise<T>): Promise<T> {
  return inBureau(options, async (bureau) => {
    const sequencer = await bureau.start('sequencer')
    const pool = bureau.dbFor('worker', writersMax)
    const name = `${subjects} subjects`
    const live = await prepare(bureau, pool, subjects, (line) => options.say(`${name}: ${line}`))
    return work({ name, bureau, pool, next: eventsOfLive(live), sequencerPid: sequencer.pid })
  })
}

/** Stores the secrets of `count` subjects and has the sequencer place a first event of each, eight to an event. */
async function prepare(bureau: Bureau, pool: Db, count: number, say: (line: string) => void): Promise<string[]> {
  const begun = performance.now()
  const vrfKey = readFileSync(join(bureau.directory, 'bench-keys', 'vrf.key'), 'utf8')
  const macKey = secretMacKey(Buffer.from(vrfKey, 'hex'))
  const live: string[] = []
  const next = eventsOf()
  while (live.length < count) {
    const ids = Array.from({ length: Math.min(chunkSubjects, count - live.length) }, () => newId(new Date()))
    const secrets = ids.map((id) => ({ subject: `recording:${id}`, ...seededSecret(id) }))
    await bureau.db.transaction().execute((trx) => writeSecrets(trx, macKey, secrets))
    await pool.transaction().execute(async (trx) => {
      for (let place = 0; place < ids.length; place += subjectsMax) {
        const subjects = ids.slice(place, place + subjectsMax).map((id) => ({ type: 'recording', id }))
        await appendEvent(trx, { ...next(), subjects })
      }
    })
    live.push(...ids)
    if (live.length % (4 * chunkSubjects) === 0) await caughtUp(bureau.db)
    if (live.length % (16 * chunkSubjects) === 0) say(`${live.length} prepared after ${secondsSince(begun)} s`)
  }
  await caughtUp(bureau.db)
  await sql`vacuum (analyze)`.execute(bureau.db)
  say(`prepared in ${secondsSince(begun)} s`)
  return live
}

function seededSecret(id: string): { secret: Buffer; proof: Buffer } {
  const bytes = createHash('shake256', { outputLength: 144 }).update(`bench secret of ${id}`).digest()
  return { secret: bytes.subarray(0, 64), proof: bytes.subarray(64) }
}

/** Each new subject takes the place of a live one: their number stays. */
function eventsOfLive(live: string[]): () => NextEvent {
  const next = eventsOf()
  let count = 0
  return () => {
    const number = count++
    const isNew = number % newEvery === 0
    const place = (isNew ? number / newEvery : number * stride) % live.length
    if (isNew) live[place] = newId(new Date())
    const event = next()
    return { ...event, subjects: [{ type: 'recording', id: live[place]! }, event.subjects[1]!] }
  }
}

async function oneRound({ bureau, pool, next, sequencerPid }: Side): Promise<Round> {
  const { db } = bureau
  const { last } = await db
    .selectFrom('leaf')
    .select((e) => e.fn.max('index').as('last'))
    .executeTakeFirstOrThrow()
  forgetPeakMemory(sequencerPid)
  const begun = performance.now()
  let written = 0
  await writeFor(roundMs, pool, next, appendEvent, () => {
    written += 1
  })
  await caughtUp(db)
  const perSecond = written / ((performance.now() - begun) / 1000)
  const { rows } = await sql<{ p50: number; p99: number }>`
    select percentile_disc(0.5) within group (order by ms)::float8 as p50,
      percentile_disc(0.99) within group (order by ms)::float8 as p99
    from (
      select extract(epoch from covering.at - event.committed_at) * 1000 as ms
      from event join lateral (
        select at from checkpoint where size > event.leaf_index order by size limit 1) as covering on true
      where event.leaf_index > ${last}) as latency`.execute(db)
  return { perSecond, ...rows[0]!, peakMiB: peakMemoryMiB(sequencerPid) }
}

function textOf({ perSecond, p50, p99, peakMiB }: Round): string {
  const ms = `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`
  return `${perSecond.toFixed(0)} events/s, event → checkpoint ${ms}, sequencer ${peakMiB.toFixed(0)} MiB`
}

function secondsSince(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(0)
}
