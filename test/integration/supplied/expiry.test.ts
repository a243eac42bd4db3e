import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { checkSuppliedFilms } from '../../../services/custody/fsck/supplied-films.ts'
import { expireSupplies, supplyWaitDays } from '../../../services/custody/viewing/supply-expiry.ts'
import { suppliedKey } from '../../../services/foundation/store/keys.ts'
import { openBureau } from '../access/bureau.ts'
import { detailsOf } from '../workers/sealed.ts'
import { decide, sealUnplayable, supply, supplyOf } from './supplying.ts'

t.setTimeout(240_000)
const dayMs = 24 * 60 * 60_000
const bureau = await openBureau(t)
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

t.test(
  'films that nobody decided on and bytes that no row names are deleted after 30 days, others never',
  async (t) => {
    const [waiting, refused, confirmed] = await Promise.all([1, 2, 3].map(() => sealUnplayable(t, bureau)))
    const custodian = await bureau.signIn(people.custodian)
    const supervisor = await bureau.signIn(people.supervisor)
    const ids = new Map<object, string>()
    for (const sealed of [waiting!, refused!, confirmed!]) {
      ids.set(sealed, (await supply(bureau, custodian, sealed.id, film)).body.id)
    }
    t.match(await decide(supervisor, refused!.id, ids.get(refused!)!, false), { status: 200 })
    t.match(await decide(supervisor, confirmed!.id, ids.get(confirmed!)!, true), { status: 200 })
    const nobodys = suppliedKey(waiting!.id, '01900000-0000-7000-8000-000000000000')
    await world.stores.primary.put('derived', nobodys, film)
    const before = await keptKeys()
    t.equal(before.length, 4)

    world.clock.advance((supplyWaitDays - 1) * dayMs)
    t.same(await expireSupplies(deps), { expired: 0, deleted: 0 })
    t.same(await keptKeys(), before)

    world.clock.advance(dayMs + 60_000)
    const { object_key, version_id, proposed_at, bytes, sha256 } = await supplyOf(bureau, ids.get(waiting!)!)
    const remove = async () => {
      throw new Error('the run stops here')
    }
    const stopsThere = { ...deps, primary: { ...deps.primary, remove } }
    await t.rejects(expireSupplies(stopsThere), /stops here/)
    t.match(await supplyOf(bureau, ids.get(waiting!)!), { state: 'expired', decided_by: null })
    t.same(await expireSupplies(deps), { expired: 0, deleted: 2 })
    t.same(await expireSupplies(deps), { expired: 0, deleted: 0 })
    t.same(
      await keptKeys(),
      before.filter((key) => key !== nobodys && key !== object_key),
    )
    t.same(await detailsOf(world, waiting!.id, 'rendition.supply_expired'), [
      {
        ...{
          supplyId: ids.get(waiting!),
          sha256: sha256.toString('hex'),
          bytes,
          key: object_key,
          versionId: version_id,
        },
        ...{ proposedBy: people.custodian.id, proposedAt: proposed_at.toISOString() },
      },
    ])
    t.same(await findings(), [])
  },
)

t.test('on a film that expired nobody decides any more, and another may be supplied', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const custodian = await bureau.signIn(people.custodian)
  const { body } = await supply(bureau, custodian, sealed.id, film)
  world.clock.advance((supplyWaitDays + 1) * dayMs)
  t.match(await expireSupplies(deps), { expired: 1 })
  const supervisor = await bureau.signIn(people.supervisor)
  const decided = await decide(supervisor, sealed.id, body.id, true)
  t.match(decided, { status: 409, body: { error: { message: /in time.*supply it again/ } } })
  const again = await bureau.signIn(people.custodian)
  t.match(await supply(bureau, again, sealed.id, film), { status: 201 })
})
