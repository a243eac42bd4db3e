import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { openHandIn } from '../../../services/dock/docking/open-hand-in.ts'
import { openSession } from '../../../services/dock/docking/session.ts'
import type { SeenFile, SerialGrade, Volume } from '../../../services/dock/sources/source.ts'
import { listOf, openSpool } from './spool-deps.ts'

const seen = (name: string): SeenFile => ({
  ...{ path: Buffer.from(name), name: Buffer.from(name), bytes: 1, modifiedMs: 1 },
  ...{ deviceTime: null, runningNumber: null, mark: false },
})

async function openDocking(t: Parameters<typeof openSpool>[0], serialBy: SerialGrade) {
  const { deps: spool } = await openSpool(t, () => ({}))
  const register = { current: () => ({ settings: { clockErrorMaxMs: 60_000 } }) }
  const signingKey = generateKeyPairSync('ed25519').privateKey
  const deps = { ...spool, register, signingKey } as unknown as typeof spool
  const facts = { serial: 'A', officerNumber: null, officerName: null, batteryPercent: null, clockOffsetMs: null }
  const volume = {
    id: 'v',
    uuid: null,
    origin: { kind: 'mass_storage', from: null },
    facts,
    sizeBytes: 0,
    freeBytes: 0,
  }
  const session = Object.assign(openSession(volume as unknown as Volume, 1, 0), { serial: 'A', serialBy })
  return { deps, session }
}

/** Paths and kinds of what waits to be posted after two lists of one docking. */
async function toldOf(t: Parameters<typeof openSpool>[0], serialBy: SerialGrade) {
  const { deps, session } = await openDocking(t, serialBy)
  await openHandIn(deps, session, [seen('a')])
  await openHandIn(deps, session, [seen('a'), seen('b')])
  const rows = await deps.database.read<{ path: string; kind: string | null }>(
    "select path, json_extract(body, '$.kind') as kind from post order by sequence",
  )
  return rows.map(({ path, kind }) => kind ?? path)
}

t.test('a second list that rests on what somebody said once has that told again ahead of it', async (t) => {
  const again = ['/hand-ins', 'volume_stated', '/hand-ins']
  t.same(await toldOf(t, 'label'), again)
  t.same(await toldOf(t, 'stated'), again)
  t.same(await toldOf(t, 'device'), ['/hand-ins', '/hand-ins'])
})

t.test(
  'a file that was refused is offered again in the next docking; bytes that differ there get a new line',
  async (t) => {
    const { deps, session } = await openDocking(t, 'device')
    const refused = { reading: 'done', sha256: 'ab', sending: 'refused' } as const
    const old = listOf('old', 'A', [
      { ...refused, refusal: 'too large' },
      { ...refused, refusal: 'digest_differs' },
    ])
    await deps.book.add(old, '{}', [])
    await openHandIn(deps, session, [seen('0'), seen('1')])
    t.match(old.files[0], { sending: 'waiting', refusal: null })
    t.match(
      session.files.map(({ handIn, file: { number, sending, reading } }) => [handIn.id, number, sending, reading]),
      [
        ['old', 0, 'waiting', 'done'],
        [session.handIn!.id, 1, 'waiting', 'waiting'],
      ],
    )
    t.not(session.handIn!.id, 'old')
    t.equal(session.changed, 0, 'nothing was changed on the device')
  },
)
