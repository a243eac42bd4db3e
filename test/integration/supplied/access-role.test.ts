import t from 'tap'
import { newId } from '../../../services/foundation/id.ts'
import { openBureau } from '../access/bureau.ts'
import { addFootage } from '../access/footage.ts'
import { decide, renditionsOf, sealUnplayable, supply, supplyOf } from './supplying.ts'

t.setTimeout(240_000)
const bureau = await openBureau(t)
const { world, people } = bureau
const custodian = await bureau.signIn(people.custodian)
const supervisor = await bureau.signIn(people.supervisor)
/** The login that the service of that name has. */
const access = world.dbFor('access')
const film = Buffer.from('any bytes do until somebody confirms them')
const refused = { message: /access may not|permission denied/ }

function setRendition(id: string, state: 'ready' | 'running' | 'superseded' | 'not_playable' | 'withdrawn') {
  return access.updateTable('rendition').set({ state }).where('id', '=', id).execute()
}

t.test('the login of access cannot make a rendition ready, nor anything else of it', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const [unplayable] = await renditionsOf(bureau, sealed)
  const ready = await addFootage(bureau, { deviceSerial: 'ZJ1' })
  const running = await addFootage(bureau, { rendition: 'running', deviceSerial: 'ZJ2' })
  for (const id of [unplayable!.id, ready.renditionId, running.renditionId]) {
    for (const state of ['ready', 'running', 'superseded', 'withdrawn'] as const) {
      await t.rejects(setRendition(id, state), refused, state)
    }
  }
  t.match(await renditionsOf(bureau, sealed), [{ state: 'not_playable' }])
  const { id: _id, ...row } = unplayable!
  await t.rejects(
    access
      .insertInto('rendition')
      .values({ ...row, id: newId(world.clock.now()) })
      .execute(),
    refused,
  )
})

t.test('a rendition is superseded only when a second person has confirmed a film', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const [unplayable] = await renditionsOf(bureau, sealed)
  const { body } = await supply(bureau, custodian, sealed.id, film)
  await t.rejects(setRendition(unplayable!.id, 'superseded'), refused)
  t.match(await decide(supervisor, sealed.id, body.id, true), { status: 200 })
  t.match(await renditionsOf(bureau, sealed), [{ state: 'superseded' }])
  await t.rejects(setRendition(unplayable!.id, 'ready'), refused)
  await t.rejects(setRendition(unplayable!.id, 'not_playable'), refused)
})

t.test('a film is proposed first, and decided on once, by somebody', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const { body } = await supply(bureau, custodian, sealed.id, film)
  const set = (values: object) => access.updateTable('rendition_supply').set(values).where('id', '=', body.id).execute()
  const decided = { decided_by: people.supervisor.id, decided_at: world.clock.now(), reason: '已核对' }
  for (const state of ['ready', 'failed', 'proposed'] as const) await t.rejects(set({ state, ...decided }), refused)
  await t.rejects(set({ state: 'making' }), refused, 'nobody decided')
  t.match(await decide(supervisor, sealed.id, body.id, false), { status: 200 })
  await t.rejects(set({ state: 'making', ...decided }), refused, 'it was refused')
  const row = await supplyOf(bureau, body.id)
  const other = { ...row, id: newId(world.clock.now()), object_key: `${row.object_key}-2` }
  for (const state of ['making', 'ready', 'refused'] as const) {
    await t.rejects(
      access
        .insertInto('rendition_supply')
        .values({ ...other, state })
        .execute(),
      refused,
      state,
    )
  }
  await t.rejects(
    access
      .insertInto('rendition_supply')
      .values({ ...other, state: 'proposed' })
      .execute(),
    refused,
  )
})
