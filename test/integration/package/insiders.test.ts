import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { verifyPath } from '../../../services/verifier/open-package.ts'
import { parseTrust } from '../../../services/verifier/trust.ts'
import { populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { openWorld } from '../../support/world.ts'
import { fileOf, never, orderPackage, packageHandler, rowOf, trustOf, unzipped } from './making.ts'

t.setTimeout(480_000)

t.test('a dock that one person registered, and names that were changed in the tables', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const populated = await populate(world, { dockIsReleased: false })
  await world.asSuperuser((db) => db.updateTable('person').set({ name: '冒名者' }).execute())
  const { id, jobId } = await orderPackage(world, populated)
  await packageHandler(world)(jobId, never)
  t.match(await rowOf(world, id), { state: 'ready', failure: null })
  const zip = await fileOf(world, id)

  t.test('the package is made, and the verifier says that no second person had released the dock', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'custody-insiders-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'package.zip'), zip)
    const report = await verifyPath(join(folder, 'package.zip'), parseTrust(JSON.stringify(trustOf(log))))
    t.same(report.codes, ['hand_in_differs'])
    t.same(
      report.findings.map(({ detail }) => detail),
      ['no second person had released its dock', 'no second person had released its dock'],
      'of both hand-ins of the case',
    )
  })

  t.test('names are those with which the accounts were made', async (t) => {
    const files = await unzipped(zip)
    t.match(JSON.parse(files.get('data/package.json')!.toString()), {
      madeBy: { name: '某custodian' },
      signedBy: { name: '某supervisor' },
    })
  })
})
