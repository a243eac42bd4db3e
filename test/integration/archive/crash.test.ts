import { spawn } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { storeNames } from '../../../services/foundation/store/store.ts'
import { openWorld } from '../../support/world.ts'
import { type ArchiveWorld, openArchiveWorld, sizeOf } from './archive-world.ts'
import { rebuild, rowsOf } from './rebuild-world.ts'

/** Resolves to how it ended: 0, or SIGKILL. */
function archiveUntil(archive: ArchiveWorld, step: number): Promise<number | string | null> {
  const { world, log, recipient } = archive
  const child = spawn(process.execPath, [join(import.meta.dirname, 'dying-archive.ts'), String(step)], {
    env: {
      ...process.env,
      ...world.environmentFor('archive'),
      LEDGER_ORIGIN: log.origin,
      LEDGER_VERIFIER_KEY: log.verifierKeys,
      ARCHIVE_RECOVERY_RECIPIENT: recipient,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
}

t.test('killed at any step the archive is whole afterwards, each object once, and gives everything back', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world, log, names } = archive
  await archive.write('first', 250)
  let kills = 0
  // From batch making to the last row of the third store.
  for (const step of [1, 4, 5, 7, 11, 14, 20, 26]) {
    await archive.write(`case ${step}`, 2)
    const ended = await archiveUntil(archive, step)
    if (ended === 'SIGKILL') kills += 1
    else t.equal(ended, 0)
  }
  t.ok(kills >= 6, `killed ${kills} times`)
  t.equal(await archiveUntil(archive, 0), 0)
  await archive.stopSequencer()

  const { size } = await sizeOf(world)
  const progress = await world.db.selectFrom('archive_progress').selectAll().execute()
  t.same(
    progress.map(({ store, archived_to }) => [store, archived_to]).toSorted(),
    storeNames.map((name) => [name, size]).toSorted(),
  )
  for (const name of storeNames) {
    const keys: string[] = []
    for await (const { key } of world.stores[name].list('originals', names.prefix)) keys.push(key)
    t.equal(new Set(keys).size, keys.length, 'one version each')
  }
  const trusted = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  t.same(await fsck({ db: world.db, stores: world.storesFor('auditor'), objects: true, ...trusted }), [])
  const lost = await openWorld(t)
  await rebuild(archive, lost.db, { store: 'backup-b' })
  t.same(await rowsOf(lost.db), await rowsOf(world.db))
})
