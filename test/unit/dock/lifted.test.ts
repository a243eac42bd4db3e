import t from 'tap'
import { cardOf } from '../../../services/dock/docking/card.ts'
import { resultOf } from '../../../services/dock/docking/dockings.ts'
import { insteadOf } from '../../../services/dock/docking/fitness.ts'
import { keepLifted, keepTaker, leftEarlier, takerOf, tellLifted } from '../../../services/dock/docking/lifted.ts'
import { openRates } from '../../../services/dock/docking/rates.ts'
import { openSession, type Session } from '../../../services/dock/docking/session.ts'
import { waitingSeals } from '../../../services/dock/docking/waiting-seals.ts'
import type { Register } from '../../../services/dock/ingest/register.ts'
import type { OriginKind, Volume } from '../../../services/dock/sources/source.ts'
import { saveStay } from '../../../services/dock/spool/dockings.ts'
import type { FileProgress } from '../../../services/dock/spool/records.ts'
import { listOf, openSpool } from './spool-deps.ts'

type Test = Parameters<typeof openSpool>[0]
const device = { serial: 'A', kind: 'recorder', state: 'in_service', model: null, keeper: null, lastHandIn: null }

/** A docking whose volume came by `kind`, with a list of one file, everything done unless `change` says otherwise. */
function docked(kind: OriginKind, change: Partial<Session> = {}, slot: number | null = 1): Session {
  const facts = { serial: 'A', officerNumber: null, officerName: null, batteryPercent: 80, clockOffsetMs: null }
  const volume = { id: 'v', slot, uuid: null, origin: { kind, from: null }, facts, sizeBytes: 100, freeBytes: 50 }
  return {
    ...openSession(volume as unknown as Volume, 1, 0),
    ...{ serial: 'A', device: device as Session['device'], stage: 'left', settledMs: 5, leftMs: 1000 },
    ...change,
  }
}

async function openPlace(t: Test) {
  const { deps, asked } = await openSpool(t, () => ({}))
  const told = () =>
    deps.database.read<{ kind: string; personId: string | null; grade: string | null; saidAt: string }>(
      `select json_extract(body, '$.kind') as kind, json_extract(body, '$.by.personId') as personId,
        json_extract(body, '$.by.grade') as grade, json_extract(body, '$.saidAt') as saidAt from post order by sequence`,
    )
  return { deps, asked, told }
}

t.test('who took a device is on the spool from the moment it leaves, and told once by whichever run', async (t) => {
  const { deps, told } = await openPlace(t)
  const session = docked('mass_storage', { stage: 'released', leftMs: null })
  await keepTaker(deps, session, { personId: 'p', grade: 'card' })
  t.match(session.taker, { personId: 'p' })
  t.same(await leftEarlier(deps), [], 'it is still there')
  t.match(await takerOf(deps, 'A', true), { personId: 'p' }, 'the next run knows it')
  session.leftMs = 1000
  await keepLifted(deps, session)
  t.same(await leftEarlier(deps), ['A'])
  t.same(await told(), [], 'it may only have gone to another slot')
  await tellLifted(deps, 'A')
  await tellLifted(deps, 'A')
  const saidAt = new Date(1000).toISOString()
  t.match(await told(), [
    { kind: 'device_checked', saidAt },
    { kind: 'device_taken', personId: 'p', grade: 'card', saidAt },
  ])
  t.equal((await told()).length, 2)
  await t.rejects(keepTaker(deps, session, { personId: 'q', grade: 'slot' }), { code: 'conflict' }, 'it is told')
  t.match(session.taker, { personId: 'p' })
})

t.test('a device that is back at once was not taken; one that comes back later was', async (t) => {
  const { deps, told } = await openPlace(t)
  await keepLifted(deps, docked('mass_storage'))
  t.equal(await takerOf(deps, 'A', true), null)
  await tellLifted(deps, 'A')
  t.same(await told(), [])
  await keepLifted(deps, docked('mass_storage', { person: { id: 'r' } as Session['person'] }))
  t.equal(await takerOf(deps, 'A', false), null)
  t.match(await told(), [{ kind: 'device_checked' }, { kind: 'device_taken', personId: 'r', grade: 'roster' }])
})

t.test('only a device on the wall is taken for a shift, and only when everything of it is in', async (t) => {
  const { deps } = await openPlace(t)
  const pulled = { settledMs: null, handIn: listOf('h', 'A', [{}]) }
  for (const session of [
    docked('card'),
    docked('export'),
    docked('phone'),
    docked('mtp', {}, null),
    docked('mass_storage', { device: null }),
    docked('mass_storage', { settledMs: null }),
    docked('mass_storage', { ...pulled, files: [{ file: pulled.handIn.files[0]! } as Session['files'][number]] }),
  ]) {
    await keepLifted(deps, session)
    t.same(await leftEarlier(deps), [], session.volume.origin.kind)
  }
  await keepLifted(deps, docked('mtp'))
  t.same(await leftEarlier(deps), ['A'])

  const register = {
    settings: { checkBatteryPercent: 30, checkFreePercent: 10, clockErrorMaxMs: 1000 },
    ...{ roster: [], people: [], devices: [device] },
  } as unknown as Register
  const tired = docked('mass_storage')
  const offered = (kind: OriginKind) => docked(kind, { stage: 'released', serial: 'B' })
  t.equal(insteadOf(tired, [offered('card'), offered('export')], register, 0), null)
  t.equal(insteadOf(tired, [offered('mass_storage')], register, 0)?.serial, 'B')
})

t.test('a card that waits for its seal asks for it after a restart too, in its slot', async (t) => {
  const { deps: spool } = await openPlace(t)
  const settings = { clearing: { recorder: 'seal_card' } }
  const register = { current: () => ({ settings, devices: [device], roster: [], people: [] }) }
  const deps = { ...spool, register } as unknown as typeof spool
  const isIn: Partial<FileProgress> = { reading: 'done', sending: 'said' }
  await deps.book.add(listOf('old', 'A', [isIn]), '{}', [])
  await deps.book.add({ ...listOf('new', 'A', [isIn, isIn]), openedMs: 9 }, '{}', [])
  await deps.book.add(listOf('other', 'not-ours', [isIn]), '{}', [])
  await saveStay(deps.database, 'A', { isKept: false, leftMs: 77, slot: 4 })
  const [session, ...more] = await waitingSeals(deps)
  t.match(session, { slot: 4, stage: 'left', serial: 'A', leftMs: 77, handIn: { id: 'new' }, keptCard: null })
  t.equal(session!.files.length, 2)
  t.same(more, [])
  await deps.answers.keepCard('new', { sealNumber: '1', keeper: 'k', place: 'p' }, {})
  t.same(await waitingSeals(deps), [], 'it is said')
  await deps.book.add({ ...listOf('cut', 'A', [isIn, {}]), openedMs: 10 }, '{}', [])
  t.same(await waitingSeals(deps), [], 'not everything of it is in')
})

t.test('files that wait for their receipt need the device no more', async (t) => {
  const progress: readonly Partial<FileProgress>[] = [
    {},
    { reading: 'failed' },
    { reading: 'done' },
    { reading: 'done', keptCopy: 'on the spool' },
    { reading: 'done', sending: 'complete' },
    { reading: 'done', sending: 'said' },
    { reading: 'done', sending: 'said', receipt: 'provisional' },
  ]
  const handIn = listOf('h', 'A', progress)
  const files = handIn.files.map((file) => ({ file, handIn, number: file.number }) as Session['files'][number])
  const session = docked('mass_storage', { stage: 'taking_in', settledMs: null, leftMs: null, handIn, files })
  const card = cardOf(session, { register: null, rates: openRates(), all: [session], hasRefusedPost: false }, 0)
  t.match(card.files, { total: 7, receipts: 0, onDevice: 3 })
})

t.test('what came of a hand-in is what its receipts say when its device leaves', async (t) => {
  const said = { reading: 'done', sending: 'said' } as const
  const resultWith = (...files: Partial<FileProgress>[]) => {
    const handIn = listOf(
      'a',
      'A',
      files.map((file) => ({ ...said, ...file })),
    )
    return resultOf(
      docked('mass_storage', { handIn, files: handIn.files.map((file) => ({ file })) as unknown as Session['files'] }),
    )
  }
  const [witnessed, provisional] = [{ receipt: 'witnessed' }, { receipt: 'provisional' }] as const
  t.equal(resultWith(witnessed, witnessed), 'receipts')
  t.equal(resultWith(witnessed, provisional), 'provisional')
  t.equal(resultWith(provisional, {}), 'no_receipt')
  t.equal(resultWith(witnessed, { receiptReason: 'quarantined' }), 'attention', 'none comes by itself')
  t.equal(resultWith(witnessed, { receipt: 'wrong' }), 'attention')
  t.equal(resultWith({ reading: 'waiting', sending: 'waiting' }), 'pulled_out')
})
