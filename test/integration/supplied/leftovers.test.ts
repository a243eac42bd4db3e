import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { checkSuppliedFilms } from '../../../services/custody/fsck/supplied-films.ts'
import { filmInMaking } from '../../../services/custody/viewing/supplied-film.ts'
import { deleteLeftovers, leftoverDays } from '../../../services/custody/viewing/supplied-leftovers.ts'
import { suppliedKey } from '../../../services/foundation/store/keys.ts'
import { openBureau } from '../access/bureau.ts'
import { decide, sealUnplayable, supply, supplyOf } from './supplying.ts'

t.setTimeout(240_000)
const dayMs = 24 * 60 * 60_000
const bureau = await openBureau(t, { movesClock: true })
const { world, people } = bureau
const film = Buffer.from('any bytes do until somebody confirms them')
// By the login and the key of the part that ends what time ends: its grants and its policy are tested with it.
const deps = { db: world.dbFor('worker'), clock: world.clock, primary: world.storesFor('worker').primary }

async function keptKeys(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key, deleteMarker } of world.stores.primary.list('derived', 'supplied/')) {
    if (!deleteMarker) keys.push(key)
  }
  return keys.sort()
}

async function findings(): Promise<unknown[]> {
  const report = openReport()
  await checkRows(world.db, report)
  await checkSuppliedFilms(world.db, world.storesFor('auditor').primary, { isRead: () => true }, report)
  return report.findings().filter(({ subject }) => subject.startsWith('rendition'))
}

t.test('bytes of films that no row names are deleted after 30 days; what was taken stays', async (t) => {
  const [waiting, refused, confirmed] = await Promise.all([1, 2, 3].map(() => sealUnplayable(t, bureau)))
  const custodian = await bureau.signIn(people.custodian)
  const supervisor = await bureau.signIn(people.supervisor)
  const ids = new Map<object, string>()
  for (const sealed of [waiting!, refused!, confirmed!]) {
    ids.set(sealed, (await supply(bureau, custodian, sealed.id, film)).body.id)
  }
  t.match(await decide(supervisor, refused!.id, ids.get(refused!)!, false), { status: 200 })
  t.match(await decide(supervisor, confirmed!.id, ids.get(confirmed!)!, true), { status: 200 })
  const named = await keptKeys()
  t.equal(named.length, 3)
  const nobodys = ['1', '2'].map((last) => suppliedKey(waiting!.id, `01900000-0000-7000-8000-00000000000${last}`))
  for (const key of nobodys) await world.stores.primary.put('derived', key, film)
  const before = await keptKeys()

  world.clock.advance((leftoverDays - 1) * dayMs)
  t.equal(await deleteLeftovers(deps), 0)
  t.same(await keptKeys(), before)

  world.clock.advance(dayMs + 60_000)
  const { primary } = deps
  let removals = 0
  const remove: typeof primary.remove = async (...object) => {
    if (++removals > 1) throw new Error('the run stops here')
    await primary.remove(...object)
  }
  await t.rejects(deleteLeftovers({ ...deps, primary: { list: primary.list.bind(primary), remove } }), /stops here/)
  t.equal(await deleteLeftovers(deps), 1)
  t.equal(await deleteLeftovers(deps), 0)
  t.same(await keptKeys(), named)
  t.match(await supplyOf(bureau, ids.get(waiting!)!), { state: 'proposed', decided_by: null })
  t.same(await findings(), [])
})

t.test('a film is made playable only by the events of two people', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const custodian = await bureau.signIn(people.custodian)
  const { body } = await supply(bureau, custodian, sealed.id, film)
  t.equal(await filmInMaking(world.db, sealed.id), null, 'nobody has decided')
  const decided = { state: 'making', decided_by: people.supervisor.id, decided_at: world.clock.now() } as const
  await world.dbFor('access').updateTable('rendition_supply').set(decided).where('id', '=', body.id).execute()
  await t.rejects(filmInMaking(world.db, sealed.id), { code: 'log_forked', message: /no events of two people/ })

  const other = await sealUnplayable(t, bureau)
  const supplied = await supply(bureau, custodian, other.id, film)
  const supervisor = await bureau.signIn(people.supervisor)
  t.match(await decide(supervisor, other.id, supplied.body.id, true), { status: 200 })
  t.match(await filmInMaking(world.db, other.id), { supplyId: supplied.body.id })
  const bytes = Buffer.alloc(32, 1)
  await world.db.updateTable('rendition_supply').set({ sha256: bytes }).where('id', '=', supplied.body.id).execute()
  await t.rejects(filmInMaking(world.db, other.id), { code: 'log_forked' }, 'other bytes than they agreed on')
})
