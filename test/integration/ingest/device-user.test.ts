import { sql } from 'kysely'
import t from 'tap'
import { newId } from '../../../services/foundation/id.ts'
import {
  createUpload,
  footage,
  type IngestWorld,
  openIngestWorld,
  openTestHandIn,
  patch,
  registerTestDevice,
  type SeenInTest,
  sayDigest,
  stateOf,
} from '../../support/ingest.ts'
import { showCard } from '../access/docked.ts'

/** An officer of this number; `DSJ0002` is in the keeping of `lina`, `DSJ0001` of nobody. */
async function openOffice(t: { teardown(end: () => unknown): unknown }) {
  const world = await openIngestWorld(t)
  const person = async (account: string, officerNumber: string, disabledAt: Date | null = null) => {
    const id = newId()
    await world.db
      .insertInto('person')
      .values({
        ...{ id, name: account, role: 'officer', account, officer_number: officerNumber, password_hash: 'none' },
        ...{ created_at: world.clock.now(), disabled_at: disabledAt },
      })
      .execute()
    return id
  }
  const people = {
    lina: await person('lina', '990002'),
    zhang: await person('zhang', '990001'),
    gone: await person('gone', '990003', new Date()),
  }
  await registerTestDevice(world, 'DSJ0002')
  await world.db.updateTable('device').set({ holder_id: people.lina }).where('serial', '=', 'DSJ0002').execute()
  return { world, people }
}

/** Docks a file of DSJ0002 by this name, on a list that names `user`; what the recording says of whose it is. */
async function dock(
  world: IngestWorld,
  docked: { serial?: string; filename: string; user?: SeenInTest['user']; deviceTime?: string; isKnown?: boolean },
) {
  const bytes = footage(1000, JSON.stringify(docked))
  const serial = docked.serial ?? 'DSJ0002'
  const { filename, user = null } = docked
  const files = [{ name: Buffer.from(filename).toString('base64'), bytes: bytes.length }]
  if (docked.isKnown) await showCard(world, { dock: world.dock, serial, personId: user!.person })
  const handIn = await openTestHandIn(world, { serial, user, files })
  const said: Record<string, string> = docked.deviceTime ? { deviceTime: docked.deviceTime, clockOffsetMs: '0' } : {}
  const path = await createUpload(world, bytes.length, { serial, filename, handIn, ...said })
  await patch(world, path, 0, bytes)
  const sha256 = (await world.until(async () => (await stateOf(world, path)).sha256)) as string
  await sayDigest(world, path, { sha256 })
  const id = await world.until(async () => (await stateOf(world, path)).recordingId)
  const recording = await world.db
    .selectFrom('recording')
    .selectAll()
    .where('id', '=', `${id}`)
    .executeTakeFirstOrThrow()
  const { body } = await world.db
    .selectFrom('event')
    .select('body')
    .where('kind', '=', 'recording.sealed')
    .where(sql<boolean>`${`recording:${id}`} = any(subjects)`)
    .executeTakeFirstOrThrow()
  const { details, subjects } = JSON.parse(body) as {
    details: { userGrade: string }
    subjects: { type: string; id: string }[]
  }
  t.equal(details.userGrade, recording.user_grade)
  t.equal(subjects.find(({ type }) => type === 'person')?.id ?? null, recording.officer_id)
  return { officer: recording.officer_id, grade: recording.user_grade, flags: recording.flags }
}

t.test(
  'a file renamed to another officer, another device and another year stays with the keeper of its device',
  async (t) => {
    const { world, people } = await openOffice(t)
    const found = await dock(world, { filename: 'DSJ0001_990001_20200101083000_0001.MP4' })
    t.same([found.officer, found.grade], [people.lina, 'register'])
    t.ok(found.flags.includes('name_contradicts'))
    t.ok(found.flags.includes('clock_implausible'), found.flags.join())
  },
)

t.test('whoever used the device this shift is named by the list that the dock signed', async (t) => {
  const { world, people } = await openOffice(t)
  const byName = 'DSJ0002_990001_20261120083000_0001.MP4'
  const claimed = await dock(world, { filename: byName, user: { person: people.zhang, grade: 'confirmed' } })
  t.match(claimed, { officer: people.lina, grade: 'register' }, 'whom nobody knew by card or code confirms nothing')
  const isKnown = true
  const confirmed = await dock(world, { filename: byName, user: { person: people.zhang, grade: 'confirmed' }, isKnown })
  t.same(confirmed, { officer: people.zhang, grade: 'confirmed', flags: [] })
  const bare = await dock(world, { filename: `bare ${byName}`, user: { person: people.zhang, grade: 'roster' } })
  t.match(bare, { officer: people.lina, grade: 'register' }, 'the roster here does not name him')
  const [opened] = await world.db
    .selectFrom('event')
    .select('body')
    .where('kind', '=', 'hand_in.opened')
    .orderBy('id', 'desc')
    .limit(1)
    .execute()
  t.match(JSON.parse(opened!.body).details.counts, { person: people.lina, grade: 'register', differs: true })
  await world.db
    .insertInto('roster_line')
    .values({
      ...{ id: newId(), person_id: people.zhang, device_serial: 'DSJ0002', day: '2026-11-20' },
      ...{ entered_by: people.lina, entered_at: world.clock.now(), withdrawn_by: null, withdrawn_at: null },
      ...{ starts_at: '2026-11-20T17:59:00+08:00', ends_at: '2026-11-20T18:01:00+08:00' },
    })
    .execute()
  const roster = await dock(world, { filename: byName, user: { person: people.zhang, grade: 'roster' } })
  t.same(roster, { officer: people.zhang, grade: 'roster', flags: [] })
  const contradicted = await dock(world, {
    filename: byName,
    user: { person: people.lina, grade: 'confirmed' },
    isKnown,
  })
  t.same([contradicted.officer, contradicted.flags], [people.lina, ['name_contradicts']])
})

t.test(
  'a user whom nobody knows, or who is not in service, counts as unknown; the event keeps what the dock said',
  async (t) => {
    const { world, people } = await openOffice(t)
    const strangers = ['nobody', newId(), people.gone]
    for (const person of strangers) {
      const user = { person, grade: 'confirmed' }
      const kept = await dock(world, { filename: `kept ${person}`, user })
      t.same([kept.officer, kept.grade], [people.lina, 'register'])
      const unknown = await dock(world, { serial: 'DSJ0001', filename: `of nobody ${person}`, user })
      t.same([unknown.officer, unknown.grade], [null, 'unknown'])
    }
    const opened = await world.db
      .selectFrom('event')
      .select('body')
      .where('kind', '=', 'hand_in.opened')
      .orderBy('id')
      .execute()
    const said = opened.map(({ body }) => JSON.parse(body) as { details: { head: { user: { person: string } } } })
    t.same(
      said.map(({ details }) => details.head.user.person),
      strangers.flatMap((person) => [person, person]),
    )
  },
)

t.test('where a dock says nobody, whoever had the device by the roster when it recorded', async (t) => {
  const { world, people } = await openOffice(t)
  const shift = async (personId: string, from: string, to: string, withdrawn: Date | null = null) => {
    const entered = { entered_by: people.lina, entered_at: world.clock.now() }
    await world.db
      .insertInto('roster_line')
      .values({
        ...{ id: newId(), person_id: personId, device_serial: 'DSJ0002', day: '2026-11-20', ...entered },
        ...{ starts_at: `2026-11-20T${from}:00+08:00`, ends_at: `2026-11-20T${to}:00+08:00` },
        ...{ withdrawn_by: withdrawn && people.lina, withdrawn_at: withdrawn },
      })
      .execute()
  }
  await shift(people.zhang, '08:00', '12:00')
  await shift(people.gone, '12:00', '18:00')
  await shift(people.lina, '18:00', '22:00', new Date())
  const at = async (time: string) => {
    const found = await dock(world, { filename: `at ${time}`, deviceTime: `2026-11-20T${time}:00+08:00` })
    return [found.officer, found.grade]
  }
  t.same(await at('08:30'), [people.zhang, 'roster'])
  t.same(await at('07:10'), [people.zhang, 'roster'], 'shortly before the shift')
  t.same(await at('11:30'), [people.zhang, 'roster'], 'where two come near, whose shift it was')
  t.same(await at('12:30'), [people.gone, 'roster'])
  t.same(await at('20:00'), [people.lina, 'register'], 'a withdrawn line says nothing')
  t.same(await at('03:00'), [people.lina, 'register'])
  const user = { person: people.lina, grade: 'confirmed' }
  const said = await dock(world, { filename: 'said', deviceTime: '2026-11-20T08:30:00+08:00', user, isKnown: true })
  t.same([said.officer, said.grade], [people.lina, 'confirmed'], 'what the person said himself comes first')
})
