import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { parseCheckpoint } from '../../../services/ledger/format/checkpoint.ts'
import { leafHash } from '../../../services/ledger/format/entry.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { verifyConsistency } from '../../../services/ledger/format/merkle.ts'
import { generateSignerKey, openNote, parseVerifierKey } from '../../../services/ledger/format/note.ts'
import { testTerminal } from '../../support/terminal.ts'
import { verifyProof } from '../../support/verify-proof.ts'
import { type Bureau, openBureau } from './bureau.ts'

/** Signs somebody in until the published tree has at least this many leaves. */
async function grow({ world, people, signIn }: Bureau, least: number): Promise<number> {
  for (;;) {
    await signIn(people.auditor)
    const size = await world.until(async () => {
      const { rows } = await sql<{ size: number; events: number }>`
        select (select coalesce(max(size), 0) from checkpoint) as size, (select count(*) from event) as events`.execute(
        world.db,
      )
      const [{ size, events }] = rows as [{ size: number; events: number }]
      return Number(size) === Number(events) ? Number(size) : null
    })
    if (size >= least) return size
  }
}

t.test('anyone gets the proof of any entry and of any two checkpoints; the event only who may read it', async (t) => {
  const bureau = await openBureau(t)
  const { world, log, people } = bureau
  const size = await grow(bureau, 12)
  const key = parseVerifierKey(log.verifierKey)
  const leaves = await world.db.selectFrom('leaf').select(['index', 'data', 'event_id']).orderBy('index').execute()
  for (const { index, data } of leaves.slice(0, size)) {
    const answer = await bureau.call('GET', `/ledger/proofs/${index}`)
    t.match(answer.headers.get('content-disposition'), `${index}.tlog-proof`)
    t.match(answer.headers.get('content-type'), 'text/plain')
    const proven = verifyProof(answer.bytes.toString(), {
      leafHash: leafHash(data),
      log: parseLogKeys(log.verifierKeys),
    })
    t.equal(proven.index, index)
  }
  t.equal((await bureau.call('GET', '/ledger/proofs/999999')).status, 404)
  for (const wrong of ['-1', '1.5', 'x', '99999999999999999999']) {
    t.equal((await bureau.call('GET', `/ledger/proofs/${wrong}`)).status, 400, wrong)
  }

  const published = await world.db.selectFrom('checkpoint').select('size').orderBy('size').execute()
  const [first, last] = [published[0]!.size, published.at(-1)!.size]
  for (const { size: from } of published) {
    const { status, body } = await bureau.call('GET', `/ledger/consistency?from=${from}&to=${last}`)
    t.equal(status, 200)
    const [older, newer] = [body.from, body.to].map((note: string) => parseCheckpoint(openNote(note, [key]).text))
    const proof = body.proof.map((hash: string) => Buffer.from(hash, 'base64'))
    const claim = { oldSize: from, newSize: last, oldRoot: older!.root, newRoot: newer!.root, proof }
    t.ok(verifyConsistency(claim), `${from} to ${last}`)
  }
  t.equal((await bureau.call('GET', `/ledger/consistency?from=${last}&to=${first}`)).status, 400)
  t.equal((await bureau.call('GET', `/ledger/consistency?from=${first}&to=${last + 7}`)).status, 404)
  t.equal((await bureau.call('GET', '/ledger/consistency')).status, 400)

  const auditor = await bureau.signIn(people.auditor)
  const eventId = leaves[3]!.event_id
  const answer = await auditor.call('GET', `/events/${eventId}/proof`)
  t.match(answer.body, { id: eventId, index: 3, entry: leaves[3]!.data.toString(), checkpoint: { witnessedAt: null } })
  const noted = await bureau.world.db.selectFrom('event').select('body').where('kind', '=', 'proof.read').execute()
  t.equal(noted.length, 1, 'that the body was read is an event')
  t.match(JSON.parse(noted[0]!.body), { actor: people.auditor.id, details: { eventId } })
  t.equal((await bureau.call('GET', `/events/${eventId}/proof`)).status, 401)
  t.equal((await auditor.call('GET', '/events/01900000-0000-7000-8000-000000000000/proof')).status, 404)
})

t.test('the command line believes no answer that does not hold', async (t) => {
  const bureau = await openBureau(t)
  const { world, log, people } = bureau
  await grow(bureau, 6)
  const folder = mkdtempSync(join(tmpdir(), 'proof-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const env = {
    CUSTODY_ACCESS: bureau.base,
    CUSTODY_ACCOUNT: people.auditor.account,
    CUSTODY_PASSWORD: people.auditor.password,
    LEDGER_VERIFIER_KEY: log.verifierKeys,
  }
  const run = async (args: string[], extra: Record<string, string> = {}) => {
    const terminal = testTerminal({ ...env, ...extra })
    const code = await runProgram(args, terminal)
    return { code, out: terminal.printed.join('\n') }
  }
  const [one, two] = await world.db.selectFrom('leaf').select(['event_id', 'index']).orderBy('index').execute()
  const sizes = (await world.db.selectFrom('checkpoint').select('size').orderBy('size').execute()).map(
    ({ size }) => size,
  )
  const range = [String(sizes[0]), String(sizes.at(-1))]
  const file = join(folder, 'one.tlog-proof')
  t.match(await run(['proof', one!.event_id, '--out', file]), { code: 0, out: /^成立：[\s\S]*未核对/ })
  t.match(readFileSync(file, 'utf8'), /^c2sp\.org\/tlog-proof@v1\nindex 0\n/)
  t.match(await run(['proof', one!.event_id, '--out', file]), { code: 2 }, 'nothing is written over')
  const json = JSON.parse((await run(['proof', two!.event_id, '--json'])).out)
  t.match(json, { verified: true, index: 1, witnessed: null })
  const english = await run(['proof', one!.event_id, '--lang', 'en'])
  t.match(english, { code: 0, out: /^holds: [\s\S]*not checked/ })
  t.notMatch(english.out, /\p{Script=Han}/u, 'one language at a time')
  t.match(await run(['consistency', ...range]), { code: 0, out: /^一致：/ })

  const witness = generateSignerKey('witness.test/1', 4).verifierKey
  const policy = `witness one ${witness}\nquorum one\n`
  t.match(await run(['proof', one!.event_id], { LEDGER_POLICY: policy }), { code: 0, out: /尚不足/ })
  const foreign = { LEDGER_VERIFIER_KEY: generateSignerKey(log.origin).verifierKey }
  t.match(await run(['proof', one!.event_id], foreign), { code: 1, out: /不成立/ })
  t.match(await run(['consistency', ...range], foreign), { code: 1, out: /不成立/ })
  const another = generateSignerKey(log.origin, signatureTypes.cosignatureMlDsa44).verifierKey
  const moreKinds = { LEDGER_VERIFIER_KEY: `${log.verifierKey} ${another}` }
  t.match(await run(['proof', one!.event_id], moreKinds), { code: 1, out: /lacks the log's ML-DSA-44 signature/ })
  t.match(await run(['consistency', ...range], moreKinds), { code: 1, out: /lacks the log's ML-DSA-44 signature/ })
  t.match(await run(['proof', one!.event_id], { LEDGER_VERIFIER_KEY: '' }), { code: 2 })
  t.match(await run(['consistency', '5', '5.5']), { code: 2 })

  await bureau.stopSequencer()
  await world.asSuperuser(async (db) => {
    await sql`set session_replication_role = replica`.execute(db)
    await db
      .updateTable('event')
      .set({ salt: Buffer.alloc(32) })
      .where('id', '=', one!.event_id)
      .execute()
  })
  t.match(await run(['proof', one!.event_id]), { code: 1, out: /commits to/ })
  await world.asSuperuser(async (db) => {
    const { hashes } = await db.selectFrom('tile').where('level', '=', 0).select('hashes').executeTakeFirstOrThrow()
    hashes[40]! ^= 1
    await db.updateTable('tile').set({ hashes }).where('level', '=', 0).execute()
  })
  t.match(await run(['proof', two!.event_id]), { code: 0 }, 'its own leaf is not on its path')
  // The last leaf is on the right edge, which every proof to this size passes by, wherever it begins.
  await world.asSuperuser(async (db) => {
    const { hashes } = await db.selectFrom('tile').where('level', '=', 0).select('hashes').executeTakeFirstOrThrow()
    hashes[sizes.at(-1)! * 32 - 1]! ^= 1
    await db.updateTable('tile').set({ hashes }).where('level', '=', 0).execute()
  })
  t.match(await run(['consistency', ...range]), { code: 1, out: /does not begin with/ })
})
