import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { attachRecording, detachRecording } from '../../../services/custody/cases/attach.ts'
import { findCase, openCase } from '../../../services/custody/cases/case.ts'
import { verifyPath } from '../../../services/verifier/open-package.ts'
import { parseTrust } from '../../../services/verifier/trust.ts'
import { type Populated, populate } from '../../support/populate.ts'
import { mendManifests, writeFiles } from '../../support/sample-package.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { bagit, goProgram, pathOrLeftOut } from '../../support/tools.ts'
import { openWorld, type World } from '../../support/world.ts'
import { fileOf, linesOf, never, orderPackage, packageHandler, rowOf, trustOf, unzipped } from './making.ts'
import { findingsOfPackage } from './verdict.ts'

const run = promisify(execFile)
const otherCase = '镇综执检〔2026〕18号'
t.setTimeout(480_000)

t.test(
  'a package is what the formats’ page says: three who never saw our code accept it, and refuse it after one byte',
  async (t) => {
    const world = await openWorld(t)
    const log = await makeTestLog(t)
    const stop = startSequencer(world, log)
    t.teardown(stop)
    const populated = await populate(world)
    await addOtherCase(world, populated)
    const { id, jobId } = await orderPackage(world, populated)
    await packageHandler(world)(jobId, never)
    await stop()
    const row = await rowOf(world, id)
    t.match(row, { state: 'ready', failure: null, checkpoint_size: Number })
    const zip = await fileOf(world, id)
    t.equal(zip.length, row.bytes)
    const files = await unzipped(zip)
    const trust = trustOf(log)

    t.test('our verifier accepts it', async (t) => {
      const found = await findingsOfPackage(zip, trust)
      t.same(found, { accepted: true, codes: [] })
    })

    t.test('bagit and the verifier in Go accept it, and refuse it with one flipped byte of a medium', async (t) => {
      const folder = await mkdtemp(join(tmpdir(), 'custody-bag-'))
      t.teardown(() => rm(folder, { recursive: true, force: true }))
      const flipped = new Map(files)
      const path = [...files.keys()].find((one) => one.startsWith('data/originals/'))!
      const bytes = Buffer.from(files.get(path)!)
      bytes[0]! ^= 1
      flipped.set(path, bytes)
      writeFiles(join(folder, 'good'), files)
      writeFiles(join(folder, 'bad'), flipped)
      await writeFile(join(folder, 'good.zip'), zip)
      await writeFile(join(folder, 'trust.json'), JSON.stringify(trust))
      const bagitPath = pathOrLeftOut(t, 'bagit', await bagit())
      if (bagitPath) {
        await run(bagitPath, ['--quiet', '--validate', join(folder, 'good')])
        await t.rejects(run(bagitPath, ['--quiet', '--validate', join(folder, 'bad')]))
      }
      const verifier = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
      if (verifier) {
        const args = (name: string) => ['--trust', join(folder, 'trust.json'), '--json', join(folder, name)]
        await run(verifier, args('good'))
        await run(verifier, args('good.zip'))
        const refused = await run(verifier, args('bad')).catch((error: { stdout: string }) => error.stdout)
        t.match(refused, /media_differs/)
      }
    })

    t.test('whoever changes the report afterwards, adds a file or takes one away, is found out', async (t) => {
      const folder = await mkdtemp(join(tmpdir(), 'custody-forged-'))
      t.teardown(() => rm(folder, { recursive: true, force: true }))
      const forgeries: Record<string, (forged: Map<string, Buffer>) => unknown> = {
        changed: (forged) => forged.set('data/report/report.html', Buffer.from('forged')),
        added: (forged) => forged.set('data/report/supplement.pdf', Buffer.from('forged')),
        gone: (forged) => forged.delete('data/report/report.pdf'),
      }
      for (const [name, forge] of Object.entries(forgeries)) {
        const forged = new Map(files)
        forge(forged)
        mendManifests(forged)
        writeFiles(join(folder, name), forged)
        const { fault } = await verifyPath(join(folder, name), parseTrust(JSON.stringify(trust)))
        t.equal(fault, 'contents_differs', name)
      }
    })

    t.test('every file that does not depend on the checkpoint is entered, and the rest is not', async (t) => {
      const entered = linesOf(files, 'data/contents.jsonl').map(({ path }) => path as string)
      const later = /^data\/(package\.json|contents\.jsonl|hand-ins\.jsonl|recordings\.jsonl|ledger\/.*)$/
      const payload = [...files.keys()].filter((path) => path.startsWith('data/'))
      t.same(entered, payload.filter((path) => !later.test(path)).sort())
    })

    t.test('media are stored, the rest is complete, and every path has its line in the manifest', async (t) => {
      const manifest = files.get('manifest-sha256.txt')!.toString().trimEnd().split('\n')
      const payload = [...files.keys()].filter((path) => path.startsWith('data/')).sort()
      t.same(
        manifest.map((line) => line.slice(66)),
        payload,
      )
      const original = files.get(`data/originals/${populated.recordingIds[0]}/original.mp4`)!
      t.ok(zip.includes(original), 'an original lies in the zip as it is')
      const told = JSON.parse(files.get('data/package.json')!.toString())
      t.match(told, {
        format: 'evidence-package/v3',
        purpose: '证明现场检查的经过',
        madeBy: { id: populated.people.custodian, name: '某custodian', role: 'custodian' },
        signedBy: { id: populated.people.supervisor },
        recipient: { name: '赵法官' },
        checkpointSize: row.checkpoint_size,
        reportSize: Number,
      })
      t.match(files.get('data/transcripts/README.txt')!.toString(), /笔录.*不要放入本材料/)
    })

    t.test('a recording that was taken out of the case is listed, and its bytes stay here', async (t) => {
      const lines = linesOf(files, 'data/recordings.jsonl')
      t.equal(lines.length, 3)
      t.same(
        lines.find((line) => line.id === populated.strangerId),
        { id: populated.strangerId, original: null, playable: [] },
      )
      t.notOk([...files.keys()].some((path) => path.includes(populated.strangerId)))
    })

    t.test('no other case’s secret, salt or body is inside', async (t) => {
      const subjects = linesOf(files, 'data/ledger/subjects.jsonl').map((line) => line.subject as string)
      t.same(
        subjects.filter((subject) => subject.startsWith('case:')),
        [`case:${populated.caseNumber}`],
      )
      const everything = Buffer.concat([...files.values()])
      const secrets = await world.db.selectFrom('subject_secret').selectAll().execute()
      const foreign = secrets.filter(({ subject }) => !subjects.includes(subject))
      t.ok(foreign.some(({ subject }) => subject === `case:${otherCase}`) && foreign.length > 5)
      for (const { subject, secret, proof } of foreign) {
        t.notOk(everything.includes(secret.toString('hex')) || everything.includes(proof.toString('hex')), subject)
      }
      const disclosed = new Set(linesOf(files, 'data/ledger/events.jsonl').map((line) => line.index as number))
      const events = await world.db.selectFrom('event').selectAll().execute()
      const others = events.filter(({ leaf_index }) => leaf_index === null || !disclosed.has(leaf_index))
      t.ok(others.some(({ subjects: of }) => of.includes(`case:${otherCase}`)))
      for (const { kind, salt, body } of others) {
        t.notOk(
          everything.includes(salt.toString('hex')) || everything.includes(JSON.stringify(body).slice(1, -1)),
          kind,
        )
      }
    })
  },
)

t.test('a case without recordings and a package without footage are packages too', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const stop = startSequencer(world, log)
  t.teardown(stop)
  const populated = await populate(world)
  const trust = trustOf(log)
  await addOtherCase(world, populated)
  const empty = await orderPackage(world, { ...populated, caseNumber: '空案一号' })
  const plain = await orderPackage(world, populated, { withFootage: false, recipient: null })
  for (const { id, jobId } of [empty, plain]) {
    await packageHandler(world)(jobId, never)
    t.match(await rowOf(world, id), { state: 'ready' })
    const zip = await fileOf(world, id)
    t.same(await findingsOfPackage(zip, trust), { accepted: true, codes: [] })
    const files = await unzipped(zip)
    t.notOk([...files.keys()].some((path) => /originals|playable/.test(path)))
    for (const { id, ...line } of linesOf(files, 'data/recordings.jsonl'))
      t.same(line, { original: null, playable: [] }, id)
  }
})

/** A second case with one recording of its own and one of both; a third recording was in the first case for a while. */
async function addOtherCase(world: World, populated: Populated): Promise<void> {
  const { db, clock } = world
  const officers = await db.selectFrom('person').where('role', '=', 'officer').select('id').execute()
  const officerIds = officers.map(({ id }) => id)
  const officer = { id: populated.people.officer, role: 'officer' }
  const custodian = { id: populated.people.custodian, role: 'custodian' }
  const first = (await findCase(db, populated.caseNumber))!
  for (const number of [otherCase, '空案一号']) {
    const departments = ['综合执法局']
    const partyId = first.party_id
    await openCase(db, clock, officer, { number, kind: 'inspection', title: '另案', partyId, departments, officerIds })
  }
  const other = (await findCase(db, otherCase))!
  const attach = (recordingId: string, caseFile: typeof other) =>
    attachRecording(db, clock, officer, { recordingId, caseFile, stage: 'investigation', officerIds })
  await attach(populated.recordingIds[0]!, other)
  await attach(populated.strangerId, first)
  await detachRecording(db, clock, custodian, { recordingId: populated.strangerId, caseFile: first, reason: '误归' })
  await attach(populated.strangerId, other)
}
