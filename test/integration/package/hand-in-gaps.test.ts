import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { chainOfCase } from '../../../services/custody/chain/chain.ts'
import { askCorrection, decideCorrection } from '../../../services/custody/hand-ins/corrections.ts'
import { explainGap } from '../../../services/custody/hand-ins/explanations.ts'
import { decideGap } from '../../../services/custody/hand-ins/gap-decision.ts'
import { type DockGap, gapIdOf, keepGaps } from '../../../services/custody/hand-ins/gap-found.ts'
import { type Populated, populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { goProgram, pathOrLeftOut } from '../../support/tools.ts'
import { openWorld, type World } from '../../support/world.ts'
import { fileOf, never, orderPackage, packageHandler, rowOf, trustOf, unzipped } from './making.ts'
import { findingsOfPackage } from './verdict.ts'

const run = promisify(execFile)
t.setTimeout(480_000)

const found: DockGap = {
  ...{ gapKind: 'time', dockGapId: 'g-1', beforeNumber: 0, afterNumber: null, missingNumbers: null, proposed: null },
  ...{ fromTime: '2026-11-28T14:21:07+08:00', toTime: '2026-11-28T14:27:19+08:00', lengthMs: 372_000 },
}
const gapKinds = ['gap.found', 'gap.explained', 'gap.accepted']

/** The hand-in by which a recording came. */
async function handInOf({ db }: World, recordingId: string) {
  return db
    .selectFrom('upload')
    .innerJoin('hand_in', 'hand_in.id', 'upload.hand_in_id')
    .where('upload.recording_id', '=', recordingId)
    .select(['hand_in.id', 'hand_in.dock_id'])
    .executeTakeFirstOrThrow()
}

/** A gap of a hand-in, explained and accepted. */
async function acceptedGap(world: World, { people }: Populated, recordingId: string): Promise<string> {
  const { db, clock } = world
  const { id: handInId, dock_id } = await handInOf(world, recordingId)
  await keepGaps(world.dbFor('ingest'), clock, { id: dock_id, role: 'dock' }, { handInId, gaps: [found] })
  const gapId = gapIdOf(handInId, found.dockGapId)
  const officer = { id: people.officer, role: 'officer' }
  await explainGap(db, clock, officer, { gapId, reason: 'battery', words: '换上备用电池' })
  await decideGap(db, clock, { id: people.custodian, role: 'custodian' }, { gapId, accept: true, reason: null })
  return handInId
}

t.test(
  'what is missing in a hand-in of a case goes with the case, and what is missing in another does not',
  async (t) => {
    const world = await openWorld(t)
    const log = await makeTestLog(t)
    t.teardown(startSequencer(world, log))
    const populated = await populate(world)
    const { people, recordingIds, strangerId, caseNumber } = populated
    const ours = await acceptedGap(world, populated, recordingIds[0]!)
    const theirs = await acceptedGap(world, populated, strangerId)
    const custodian = { id: people.custodian, role: 'custodian' }
    const asked = { handInId: ours, deviceSerial: null, userId: people.assistant, reason: '当班使用人有误' }
    const { id: correctionId } = await askCorrection(world.db, world.clock, custodian, asked)
    const supervisor = { id: people.supervisor, role: 'supervisor' }
    await decideCorrection(world.db, world.clock, supervisor, { handInId: ours, correctionId, confirm: true })
    const { id, jobId } = await orderPackage(world, populated)
    await packageHandler(world)(jobId, never)
    t.match(await rowOf(world, id), { state: 'ready', failure: null })

    const deps = {
      ...{ db: world.db, stores: world.stores, verifierKey: log.verifierKeys },
      vrfPublicKey: log.vrfPublicKey.toString('hex'),
    }
    const chain = await chainOfCase(deps, caseNumber)
    t.same(chain.findings, [])
    const told = chain.events.filter(({ kind }) => gapKinds.includes(kind))
    t.same(
      told.map(({ kind }) => kind),
      gapKinds,
      'of this hand-in alone',
    )
    t.ok(chain.events.some(({ kind }) => kind === 'hand_in.corrected'))
    t.notOk(JSON.stringify(chain.events).includes(theirs), 'nothing of another case’s hand-in')

    const zip = await fileOf(world, id)
    t.same(await findingsOfPackage(zip, trustOf(log)), { accepted: true, codes: [] })
    const report = (await unzipped(zip)).get('data/report/report.html')!.toString()
    t.match(
      report,
      /时间中断，设备时钟 2026-11-28T14:21:07\+08:00 至 .*372 秒；说明：电量不足“换上备用电池”（.*，密码）；.*认可。/,
    )
    t.match(report, /的交存经更正：当班使用人为/)

    const verifier = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
    if (!verifier) return
    const folder = await mkdtemp(join(tmpdir(), 'custody-gaps-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const [trust, file] = [join(folder, 'trust.json'), join(folder, 'package.zip')]
    await writeFile(trust, JSON.stringify(trustOf(log)))
    await writeFile(file, zip)
    await t.resolves(run(verifier, ['--trust', trust, file]), 'it ends with 0 for a package that it accepts')
  },
)
