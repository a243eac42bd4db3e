import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkTree } from '../../../services/custody/fsck/tree.ts'
import { generateSignerKey, signatureTypes } from '../../../services/ledger/format/keys.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { consistencyProof, verifyConsistency } from '../../../services/ledger/format/merkle.ts'
import { splitNote } from '../../../services/ledger/format/note.ts'
import { openCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { requireKeySetFits } from '../../../services/ledger/guard/key-sets.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { openHeadFile } from '../../../services/ledger/log/head.ts'
import { consistencyReader } from '../../../services/ledger/log/sequence/stored-tiles.ts'
import { openSecretSource } from '../../../services/ledger/log/sequence/subject-secrets.ts'
import { loadTreeState } from '../../../services/ledger/log/sequence/tree-state.ts'
import { sequenceOnce } from '../../../services/ledger/log/sequencer.ts'
import { makeTestLog, type TestLog } from '../../support/sequencer.ts'
import { openWorld, type World } from '../../support/world.ts'
import { openLedger } from './guarded-ledger.ts'

t.test('a new key set begins right behind what the earlier keys signed, or nothing is signed', async (t) => {
  const { world, log, grow } = await openLedger(t)
  const db = world.dbFor('sequencer')
  const later = [
    generateSignerKey(log.origin).verifierKey,
    generateSignerKey(log.origin, signatureTypes.cosignatureMlDsa44).verifierKey,
  ].join(' ')
  const fits = (keys: string) => requireKeySetFits(db, parseLogKeys(keys))
  await t.resolves(fits(log.verifierKeys))
  await t.resolves(fits(`${later} from 1 ${log.verifierKeys}`), 'before the first checkpoint')
  await t.rejects(fits(`${later} from 2 ${log.verifierKeys}`), { code: 'bad_config', message: /begins at "from 1"/ })
  await grow(3)
  await t.resolves(fits(`${log.verifierKeys} from 4 ${later}`))
  for (const from of [2, 3]) {
    const message = /below a checkpoint that these keys did not sign: .*begins at "from 4"/
    await t.rejects(fits(`${log.verifierKeys} from ${from} ${later}`), { code: 'bad_config', message })
  }
  await t.rejects(fits(`${log.verifierKeys} from 5 ${later}`), { code: 'bad_config', message: /"from 5" is too far/ })
  await t.resolves(fits(`${later} from 3 ${log.verifierKeys}`), 'the new keys have signed since')
})

t.test('a log that has no ML-DSA-44 key is given one: old and new checkpoints hold', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const before = { ...depsOf(world, log), mlDsaSigner: null }
  const secrets = openSecretSource(log.vrfSecretKey)
  await append(world)
  await sequenceOnce(before, secrets, await loadTreeState(world.db, before.head))
  await append(world)
  const after = depsOf(world, log)
  await sequenceOnce(after, secrets, await loadTreeState(world.db, after.head))
  const rows = await world.db.selectFrom('checkpoint').select('note').orderBy('size').execute()
  t.same(
    rows.map(({ note }) => splitNote(note).signatures.length),
    [1, 2],
  )
  const found = async (keys: string) => {
    const report = openReport()
    await checkTree(world.db, { log: parseLogKeys(keys), vrfPublicKey: log.vrfPublicKey }, report)
    return report.findings().map(({ check, subject }) => `${check} ${subject}`)
  }
  t.same(await found(`${log.verifierKey} from 2 ${log.verifierKeys}`), [])
  t.same(
    await found(log.verifierKeys),
    ['tree.checkpoint_signature checkpoint 1'],
    'named from the beginning, both are needed',
  )
})

t.test('a log changes its keys: checkpoints, proofs and the tree hold across the rotation', async (t) => {
  const world = await openWorld(t)
  const [log, later] = [await makeTestLog(t), await makeTestLog(t)]
  const earlierDeps = depsOf(world, log)
  const laterDeps = { ...earlierDeps, signer: later.signer, mlDsaSigner: later.mlDsaSigner }
  const notes: string[] = []
  for (const [n, deps] of [earlierDeps, earlierDeps, laterDeps, laterDeps].entries()) {
    await append(world)
    await sequenceOnce(deps, openSecretSource(log.vrfSecretKey), await loadTreeState(world.db, deps.head))
    const row = await world.db
      .selectFrom('checkpoint')
      .select('note')
      .where('size', '=', n + 1)
      .executeTakeFirstOrThrow()
    notes.push(row.note)
  }
  const keys = parseLogKeys(`${log.verifierKeys} from 3 ${later.verifierKeys}`)
  const opened = notes.map((note) => openCheckpoint(note, keys))
  t.same(
    opened.map(({ size }) => size),
    [1, 2, 3, 4],
  )
  for (const [at, note] of notes.entries()) {
    const alone = parseLogKeys(at < 2 ? later.verifierKeys : log.verifierKeys)
    t.throws(() => openCheckpoint(note, alone), { code: 'unproven' }, `checkpoint ${at + 1} by the other keys`)
  }
  const read = await consistencyReader(world.db, 2, 4)
  const [older, newer] = [opened[1]!, opened[3]!]
  const claim = { oldSize: 2, newSize: 4, oldRoot: older.root, newRoot: newer.root }
  t.ok(verifyConsistency({ ...claim, proof: consistencyProof(2, 4, read) }), 'the later tree continues the earlier one')
  const report = openReport()
  await checkTree(world.db, { log: keys, vrfPublicKey: log.vrfPublicKey }, report)
  t.same(report.findings(), [])
})

function depsOf({ db, clock, log: logger }: World, { signer, mlDsaSigner, headPath, origin }: TestLog) {
  return { db, clock, log: logger, signer, mlDsaSigner, head: openHeadFile(headPath, origin) }
}

async function append(world: World): Promise<void> {
  const event = { kind: 'test.happened', at: new Date(), actor: 't', actorRole: 'service', details: {} }
  const subjects = [{ type: 'test', id: 'a' }]
  await world.db.transaction().execute((trx) => appendEvent(trx, { ...event, subjects }))
}
