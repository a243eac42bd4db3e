import { sql } from 'kysely'
import t from 'tap'
import { recordReport } from '../../../services/custody/docks/report-events.ts'
import { askCorrection, decideCorrection } from '../../../services/custody/hand-ins/corrections.ts'
import { explainAtDock } from '../../../services/custody/hand-ins/explanations.ts'
import { decideGap } from '../../../services/custody/hand-ins/gap-decision.ts'
import { newId } from '../../../services/foundation/id.ts'
import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { openedHandIns } from '../../../services/ledger/verify/shown-hand-in.ts'
import { type Bureau, openBureau } from './bureau.ts'
import { type Docked, dockDevice, findGap } from './docked.ts'

type Opening = 'of today' | 'without its list' | 'without its head'

/** A hand-in of a list of version 1, whose opening named its list not yet, or said not yet what was signed. */
async function openedBefore({ world }: Bureau, opening: Opening, { handInId, dock }: Docked): Promise<Docked> {
  const id = newId(world.clock.now())
  const list = opening === 'without its list' ? [] : [{ type: 'hand-in-list', id }]
  await world
    .dbFor('ingest')
    .transaction()
    .execute((trx) =>
      appendEvent(trx, {
        ...{ kind: 'hand_in.opened', at: world.clock.now(), actor: dock.id, actorRole: 'dock' },
        subjects: [
          { type: 'hand_in', id },
          ...list,
          ...[
            { type: 'device', id: 'ZJ00012' },
            { type: 'dock', id: dock.id },
          ],
        ],
        details: {
          files: 1,
          bytes: 1000,
          listSha256: '0'.repeat(64),
          signature: '',
          openedAt: '',
          clockOffsetMs: null,
        },
      }),
    )
  await sql`insert into hand_in select (jsonb_populate_record(hand_in, jsonb_build_object('id', ${id}::text,
      'signature', sha512(${Buffer.from(id)})))).* from hand_in where id = ${handInId}`.execute(world.db)
  if (opening === 'without its head') {
    await world.db
      .updateTable('hand_in')
      .set({ head: Buffer.from('{"v":1}') })
      .where('id', '=', id)
      .execute()
  }
  return { handInId: id, dock }
}

/** Everything that is done with a hand-in and what is missing in it. */
async function actOn({ world, people }: Bureau, docked: Docked): Promise<void> {
  const { handInId, dock } = docked
  const { clock } = world
  const gapId = await findGap(world, docked)
  const byDock = { id: dock.id, role: 'dock' } as const
  const by = { personId: null, grade: 'slot' } as const
  const said = { dockGapId: 'gap-1', reason: 'battery', words: null, by, saidAt: '2026-11-28T18:02:11+08:00' } as const
  await explainAtDock(world.dbFor('ingest'), clock, byDock, { ...said, handInId, messageId: 'm-1' })
  await world.db.updateTable('gap_explanation').set({ confirm_by: null }).where('gap_id', '=', gapId).execute()
  const access = world.dbFor('access')
  const custodian = { id: people.custodian.id, role: 'custodian' } as const
  await decideGap(access, clock, custodian, { gapId, accept: true, reason: null })
  const asked = { handInId, deviceSerial: null, userId: people.officer2.id, reason: '卡插错槽位' }
  const { id: correctionId } = await askCorrection(access, clock, custodian, asked)
  const supervisor = { id: people.supervisor.id, role: 'supervisor' } as const
  await decideCorrection(access, clock, supervisor, { handInId, correctionId, confirm: true })
  const kept = {
    kind: 'card_kept',
    serial: 'ZJ00012',
    handInId,
    sealNumber: '7',
    keeper: '李明',
    place: '柜3',
  } as const
  await world
    .dbFor('ingest')
    .transaction()
    .execute((trx) =>
      recordReport(
        trx,
        clock,
        { dockId: dock.id, saidId: `r-${handInId}`, sha256: 'a'.repeat(64) },
        { ...kept, saidAt: '2026-11-28T10:02:11.000Z' },
      ),
    )
}

t.test('no act of a hand-in names a list whose opening does not say what was signed', async (t) => {
  const bureau = await openBureau(t)
  const { world } = bureau
  const today = await dockDevice(world, { serial: 'ZJ00012' })
  for (const opening of ['of today', 'without its list', 'without its head'] as const) {
    const docked = opening === 'of today' ? today : await openedBefore(bureau, opening, today)
    await actOn(bureau, docked)
    const rows = await world.db
      .selectFrom('event')
      .where(sql<boolean>`subjects @> array[${`hand_in:${docked.handInId}`}]`)
      .where('kind', '<>', 'hand_in.opened')
      .select('body')
      .execute()
    const bodies = rows.map(({ body }) => JSON.parse(body!) as EventBody)
    t.same(
      bodies.map(({ kind }) => kind).sort(),
      [
        'device.card_kept',
        'gap.accepted',
        'gap.explained',
        'gap.found',
        'hand_in.corrected',
        'hand_in.correction_asked',
      ],
      opening,
    )
    const list = `hand-in-list:${docked.handInId}`
    t.same([...openedHandIns([list], bodies)], opening === 'of today' ? [docked.handInId] : [], opening)
  }
})
