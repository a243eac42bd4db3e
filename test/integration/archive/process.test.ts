import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import { startProcess } from '../../../deploy/local/system/process.ts'
import { archivedOn } from '../../../services/ledger/archive/archived.ts'
import { openArchiveWorld } from './archive-world.ts'

t.test('the process archives every event on all stores within a minute, killed in between or not', async (t) => {
  const archive = await openArchiveWorld(t, { movesClock: false })
  const { world, log, recipient } = archive
  const directory = mkdtempSync(join(tmpdir(), 'custody-archive-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const metrics = `127.0.0.1:${await freePort()}`
  const process = await startProcess({
    name: 'ledger',
    command: ['workers/main.ts', 'archive'],
    environment: {
      ...world.environmentFor('archive'),
      LEDGER_ORIGIN: log.origin,
      LEDGER_VERIFIER_KEY: log.verifierKeys,
      ARCHIVE_RECOVERY_RECIPIENT: recipient,
      METRICS_LISTEN: metrics,
    },
    statusAddress: `http://${metrics}`,
    logPath: join(directory, 'ledger.log'),
    detached: false,
  })
  t.teardown(() => process.stop('at-once'))
  await archive.write('first', 5)
  const page = await (await fetch(`http://${metrics}/metrics`)).text()
  for (const store of ['primary', 'backup-a', 'backup-b']) t.match(page, `ledger_archive_lag_seconds{store="${store}"`)
  await process.stop('at-once')
  await process.start()
  await world.until(async () => (await archivedOn(world.db, 4)).length === 3)
  t.equal((await fetch(`http://${metrics}/readyz`)).status, 200)
})
