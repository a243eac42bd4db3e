import { sql } from 'kysely'
import type { Trx } from '../../../services/foundation/db/database.ts'
import { newId } from '../../../services/foundation/id.ts'
import { canonicalText } from '../../../services/ledger/format/canonical.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { type Bureau, inBureau } from '../bureau.ts'
import type { Family } from '../family.ts'
import { inTurn } from '../harness.ts'
import { caughtUp, eventsOf, type NextEvent, writeFor, writersMax } from './writers.ts'

const roundMs = 5_000

type PlainTable = { bench_plain: { id: string; at: Date; body: string } }

/** Events with their own transaction, against the same transaction, driver and pool with one plain row. */
export const eventRows: Family = {
  rows: [
    {
      name: 'events/inserts',
      goal: { of: 'ratio', atLeast: 0.8 },
      unit: 'transactions/s',
      what: `${writersMax} writers: one event a transaction, being sequenced ÷ one plain row a transaction`,
    },
  ],
  run: (options) =>
    inBureau(options, async (bureau) => {
      await sql`create table bench_plain (id uuid primary key, at timestamptz not null, body text not null);
        grant insert on bench_plain to custody_worker`.execute(bureau.db)
      const pool = bureau.dbFor('worker', writersMax)
      await bureau.start('sequencer')
      const next = eventsOf()
      const drains: number[] = []
      const figures = await inTurn(
        options.rounds,
        async () => {
          const perSecond = await writeFor(roundMs, pool, next, appendEvent)
          const drained = await drainSeconds(bureau)
          drains.push(drained)
          options.say(`${Math.round(perSecond)} events/s; ${drained.toFixed(1)} s until the last one was signed`)
          return perSecond
        },
        async () => {
          const perSecond = await writeFor(roundMs, pool, next, insertPlain)
          options.say(`${Math.round(perSecond)} plain rows/s`)
          return perSecond
        },
      )
      const note = `after the writers stopped the sequencer needed ${Math.max(...drains).toFixed(1)} s at most for what waited`
      return { 'events/inserts': { ...figures, note } }
    }),
}

/** The same id, time and body text as the event has, in a table with nothing but a primary key. */
async function insertPlain(trx: Trx, event: NextEvent): Promise<void> {
  const plain = trx.withTables<PlainTable>()
  const body = canonicalText({ ...event, at: event.at.toISOString(), subjects: event.subjects.map((s) => ({ ...s })) })
  await plain
    .insertInto('bench_plain')
    .values({ id: newId(event.at), at: event.at, body })
    .execute()
}

async function drainSeconds(bureau: Bureau): Promise<number> {
  const begun = performance.now()
  await caughtUp(bureau.db)
  return (performance.now() - begun) / 1000
}
