import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { verifyChain } from '../../../services/cli/chain-verify.ts'
import { chainOfCase } from '../../../services/custody/chain/chain.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { newId } from '../../../services/foundation/id.ts'
import { canonicalText } from '../../../services/ledger/format/canonical.ts'
import { commitmentOf } from '../../../services/ledger/format/entry.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { parseTilePath } from '../../../services/ledger/format/tiles.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { type Populated, populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { readStoredLog } from '../../support/stored-log.ts'
import { openWorld, type World } from '../../support/world.ts'
import { settled } from './tampered-world.ts'

// Finding 6 by one who holds the database: a package's signature of last year, with every trigger off.

const dayMs = 86_400_000

/** As superuser, with all triggers off; `committedAt` is what the row says of when the database took it. */
async function insertPast(
  world: World,
  { people, caseNumber }: Populated,
  times: { at: Date; committedAt?: Date },
): Promise<string> {
  const { at, committedAt } = times
  const id = newId(at)
  const subjects = [
    { type: 'package', id: newId(at) },
    { type: 'case', id: caseNumber },
    { type: 'person', id: people.supervisor },
  ]
  const body = canonicalText({
    ...{
      id,
      kind: 'package.signed',
      at: at.toISOString(),
      actor: people.supervisor,
      actorRole: 'supervisor',
      subjects,
    },
    details: { reason: '同意' },
  })
  const salt = randomBytes(32)
  const row = { id, kind: 'package.signed', at, body, salt, commitment: commitmentOf(salt, body) }
  await world.asSuperuser(async (db) => {
    await sql`set session_replication_role = replica`.execute(db)
    await db
      .insertInto('event')
      .values({ ...row, subjects: subjects.map((one) => `${one.type}:${one.id}`), committed_at: committedAt })
      .execute()
  })
  return id
}

async function openPopulated(t: Parameters<typeof makeTestLog>[0] & Parameters<typeof openWorld>[0]) {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const populated = await populate(world)
  await settled(world)
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const timesFound = async () => {
    await settled(world)
    const findings = await fsck({ db: world.db, stores: null, ...keys })
    return findings.filter(({ check }) => /time|late/.test(check))
  }
  return { world, log, populated, keys, timesFound }
}

t.test('a signature of last year is named by fsck, by the chain and by whoever verifies the chain', async (t) => {
  const { world, log, populated, keys, timesFound } = await openPopulated(t)
  t.same(
    (await timesFound()).filter(({ severity }) => severity === 'error'),
    [],
  )
  const at = new Date(Date.now() - 365 * dayMs)
  const id = await insertPast(world, populated, { at })
  const errors = (await timesFound()).filter(({ severity }) => severity === 'error')
  t.match(errors, [
    { check: 'tree.time_against_order', subject: `event ${id}`, problem: /lies \d+(\.\d+)? s before that of event/ },
    { check: 'tree.time_differs', subject: `event ${id}`, problem: /the database took it in \d+(\.\d+)? s after/ },
  ])

  const chain = await chainOfCase({ db: world.db, stores: world.stores, ...keys }, populated.caseNumber)
  t.match(
    chain.findings.filter(({ code }) => code === 'tree.time_against_order'),
    [{ where: `event ${id}`, what: /a leaf before it/ }],
  )
  const stored = await readStoredLog(world.db)
  const trust = {
    log: parseLogKeys(log.verifierKeys),
    vrfPublicKey: log.vrfPublicKey,
    readTile: (path: string) => stored.readTile(parseTilePath(path)),
  }
  const { findings } = await verifyChain(chain, trust)
  t.match(
    findings.filter(({ code }) => code === 'time_against_order'),
    [{ where: `event ${id}`, what: /^leaf \d+ says .* s before leaf \d+$/ }],
  )
})

t.test('one that hides when the database took it still has the wrong leaf', async (t) => {
  const { world, populated, timesFound } = await openPopulated(t)
  const at = new Date(Date.now() - dayMs)
  const id = await insertPast(world, populated, { at, committedAt: at })
  t.match(
    (await timesFound()).filter(({ severity }) => severity === 'error'),
    [{ check: 'tree.time_against_order', subject: `event ${id}` }],
  )
})

t.test('one that is dated ahead is named instead of the many that follow it', async (t) => {
  const { world, populated, timesFound } = await openPopulated(t)
  const at = new Date(Date.now() + dayMs)
  const id = await insertPast(world, populated, { at, committedAt: at })
  await settled(world)
  await world.db.transaction().execute(async (trx) => {
    for (let n = 0; n < 30; n++) {
      const who = { actor: 'test', actorRole: 'service', subjects: [{ type: 'person', id: 'a' }] }
      await appendEvent(trx, { kind: 'test.happened', at: new Date(), ...who, details: {} })
    }
  })
  const errors = (await timesFound()).filter(({ check }) => check === 'tree.time_against_order')
  t.match(errors, [{ subject: `event ${id}`, problem: /^\d+ events after it have earlier times/ }])
})
