import { randomBytes } from 'node:crypto'
import t from 'tap'
import { registerDock, releaseDock, revokeDock } from '../../../services/custody/devices/dock.ts'
import { newId } from '../../../services/foundation/id.ts'
import { openIngestWorld } from '../../support/ingest.ts'

t.test('a dock that one person has registered hands nothing in before a second one has released it', async (t) => {
  const world = await openIngestWorld(t)
  const { db, clock } = world
  const account = { password_hash: 'none', created_at: clock.now() }
  const person = async (role: 'administrator' | 'supervisor') => {
    const id = newId()
    await db
      .insertInto('person')
      .values({ id, name: role, role, account: role, ...account })
      .execute()
    return { id, role }
  }
  const [administrator, supervisor] = [await person('administrator'), await person('supervisor')]
  const register = () => {
    const dock = { name: '二大队采集站', publicKey: randomBytes(32) }
    return world.db.transaction().execute((trx) => registerDock(trx, clock, administrator, dock))
  }
  const { dockId, token } = await register()
  const ask = async () => {
    const response = await world.call('GET', `/uploads/${newId()}`, { token })
    return { status: response.status, body: (await response.json()) as { error: { code: string; message: string } } }
  }

  const early = await ask()
  t.equal(early.status, 403)
  t.match(early.body.error, { code: 'not_released', message: /a supervisor or auditor releases it/ })
  const refused = await db.selectFrom('event').select('body').where('kind', '=', 'access.refused').execute()
  t.match(
    refused.map(({ body }) => JSON.parse(body)),
    [{ actor: dockId, details: { reason: 'dock_not_released' } }],
  )

  await t.rejects(releaseDock(db, clock, administrator, dockId), { code: 'conflict' }, 'not by who registered it')
  t.equal((await ask()).status, 403)
  await releaseDock(db, clock, supervisor, dockId)
  await releaseDock(db, clock, supervisor, dockId)
  t.equal((await ask()).status, 404, 'its token counts: there is no such upload')
  const released = await db.selectFrom('event').select('body').where('kind', '=', 'dock.released').execute()
  t.equal(released.length, 1)
  t.match(JSON.parse(released[0]!.body), {
    actor: supervisor.id,
    subjects: [
      { type: 'dock', id: dockId },
      { type: 'dock-register', id: dockId },
    ],
    details: { statement: { v: 1, act: 'dock.released', object: `dock:${dockId}`, person: supervisor.id } },
  })

  await revokeDock(db, clock, administrator, dockId)
  t.equal((await ask()).status, 401)
  const other = await register()
  await revokeDock(db, clock, administrator, other.dockId)
  await t.rejects(releaseDock(db, clock, supervisor, other.dockId), { code: 'conflict', message: /was revoked/ })
  await t.rejects(releaseDock(db, clock, supervisor, newId()), { code: 'not_found' })
})
