import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import t from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import { kindsWithRows } from '../../../services/custody/events/read.ts'
import { compareRows } from '../../../services/custody/events/replay.ts'
import { onlyTables, toldOf } from '../../../services/custody/fsck/replayed-rows.ts'
import { storedOfRecordings } from '../../../services/custody/fsck/stored-rows.ts'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { generateSignerKey, parseSignerKey, splitNote, verifierOf } from '../../../services/ledger/format/note.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { judgeAnswer, signatureLines } from '../../../services/ledger/format/witness-protocol.ts'
import { newestPublished } from '../../../services/ledger/log/witnessed.ts'
import { storeCosignatures } from '../../../services/ledger/witness/cosignatures.ts'
import { publishedSize } from '../../support/witness-loop.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'

const legal = generateSignerKey('legal.test/witness', signatureTypes.cosignatureEd25519)
const witnessed = () => `witness legal ${legal.verifierKey}\nquorum legal\n`
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const skip = executablePath ? false : 'no Chromium on this machine'

const open = (session: Session, recordingId: string) =>
  session.call('POST', `/recordings/${recordingId}/viewings`, { purpose: '核查当日执法过程' })

/** Has the newest checkpoint cosigned. */
async function witness({ world }: Bureau): Promise<void> {
  const { size, note } = (await world.until(() => newestPublished(world.db)))!
  const signer = parseSignerKey(legal.signerKey)
  const { text } = splitNote(note)
  const nowSeconds = world.clock.now().getTime() / 1000
  const signature = cosign(signer, text, Math.floor(nowSeconds))
  const line = signatureLines(text, [{ name: signer.name, keyId: signer.keyId, signature }])
  const { cosignatures } = judgeAnswer(line, text, [verifierOf(signer)], nowSeconds)
  const given = { witness: signer.name, size, cosignatures, at: world.clock.now() }
  await storeCosignatures(world.db, parsePolicy(witnessed()), given)
}

/** What somebody who holds the database could do. */
async function pretend({ world }: Bureau): Promise<void> {
  const size = await world.until(() => publishedSize(world))
  await world.db.insertInto('witnessed').values({ size, at: world.clock.now() }).execute()
  const at = world.clock.now()
  const { keyId: key_id, name } = parseSignerKey(legal.signerKey)
  const forged = { size, name, signed_at: at, received_at: at }
  const line = `\u2014 ${name} ${Buffer.alloc(76, 1).toString('base64')}\n`
  await world.db
    .insertInto('cosignature')
    .values([
      { ...forged, key_id, line },
      { ...forged, key_id: 1, line: 'no line' },
    ])
    .execute()
}

const idle = async ({ world }: Bureau) => {
  const row = await world.db.selectFrom('event').where('leaf_index', 'is', null).select('id').executeTakeFirst()
  return row === undefined
}

t.test('while the ledger is unwitnessed for too long a viewing opens, marked in event, row and list', async (t) => {
  const bureau = await openBureau(t, { movesClock: true, policy: witnessed })
  const { world } = bureau
  const footage = await addFootage(bureau)
  const { recordingId } = footage
  const custodian = await bureau.signIn(bureau.people.custodian)
  const first = await world.until(() =>
    world.db.selectFrom('checkpoint').select('at').orderBy('size').limit(1).executeTakeFirst(),
  )

  const never = await open(custodian, recordingId)
  t.match(never, { status: 201, body: { unwitnessedSince: first.at.toISOString() } }, 'nothing was ever witnessed')
  await world.until(() => idle(bureau))
  await pretend(bureau)
  const pretended = await open(custodian, recordingId)
  t.match(pretended, { status: 201, body: { unwitnessedSince: first.at.toISOString() } }, 'a row alone is no witness')
  await world.until(() => idle(bureau))
  await witness(bureau)
  t.match(await open(custodian, recordingId), { status: 201, body: { unwitnessedSince: null } })

  await world.until(() => idle(bureau))
  await witness(bureau)
  world.clock.advance(3 * 60 * 60_000)
  const quiet = await bureau.signIn(bureau.people.custodian)
  t.match(
    await open(quiet, recordingId),
    { status: 201, body: { unwitnessedSince: null } },
    'after a quiet morning in which all was witnessed there is nothing to mark',
  )
  world.clock.advance(11 * 60_000)
  const late = await open(quiet, recordingId)
  t.match(late, { status: 201, body: { unwitnessedSince: String } }, 'the witness is away for more than ten minutes')
  t.not(late.body.unwitnessedSince, first.at.toISOString())

  const events = await bureau.eventsOf('viewing.opened')
  t.same(
    events.map(({ details }) => details.unwitnessedSince ?? null),
    [first.at.toISOString(), first.at.toISOString(), null, null, late.body.unwitnessedSince],
  )
  const marked = [late.body.viewingId, pretended.body.viewingId, never.body.viewingId]
  for (const session of [await bureau.signIn(bureau.people.auditor), await bureau.signIn(bureau.people.supervisor)]) {
    const { body } = await session.call('GET', '/viewings?unwitnessed=true')
    t.same(
      body.viewings.map(({ id }: { id: string }) => id),
      marked,
    )
    t.match(body.viewings, [
      { unwitnessedSince: late.body.unwitnessedSince },
      ...Array(2).fill({ unwitnessedSince: String }),
    ])
    t.equal((await session.call('GET', '/viewings?unwitnessed=false')).body.viewings.length, 2)
    t.equal((await session.call('GET', '/viewings')).body.viewings.length, 5)
    t.equal((await session.call('GET', '/viewings?unwitnessed=maybe')).status, 400)
  }

  const differences = async () => {
    const told = await toldOf(world.db, [`recording:${recordingId}`], kindsWithRows)
    const stored = await storedOfRecordings(world.db, [recordingId])
    return compareRows(onlyTables(told, ['viewing']), onlyTables(stored, ['viewing'])).map(({ problem }) => problem)
  }
  t.same(await differences(), [])
  await world.asSuperuser((db) =>
    db.updateTable('viewing').set({ unwitnessed_since: null }).where('id', '=', late.body.viewingId).execute(),
  )
  t.match(await differences(), [/unwitnessed_since is null, its events say/], 'a mark that was wiped off shows')
})

t.test('without a policy, or with one that needs no witness, nothing is marked', async (t) => {
  for (const policy of [undefined, () => 'quorum none\n']) {
    const bureau = await openBureau(t, { policy })
    const { recordingId } = await addFootage(bureau)
    const custodian = await bureau.signIn(bureau.people.custodian)
    t.match(await open(custodian, recordingId), { status: 201, body: { unwitnessedSince: null } })
    const administrator = await bureau.signIn(bureau.people.administrator)
    const state = await administrator.call('GET', '/ledger/state')
    t.match(state, { status: 200, body: { size: Number, witnessedSize: null, unwitnessedSince: null, witnesses: [] } })
  }
})

t.test('the custodian sees a notice on the watch page, in Chinese first', { skip }, async (t) => {
  const bureau = await openBureau(t, { policy: witnessed, port: await freePort() })
  const { recordingId } = await addFootage(bureau, { kind: 'still' })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`${bureau.base}/watch?recording=${recordingId}`)
  await page.fill('#sign-in [name=account]', 'custodian')
  await page.fill('#sign-in [name=password]', bureau.people.custodian.password)
  await page.click('#sign-in button')
  await page.fill('#purpose [name=purpose]', '核查当日执法过程')
  await page.click('#purpose button')
  await page.locator('#unwitnessed', { hasText: '没有外部见证' }).waitFor()
  await page.click('#language')
  await page.locator('#unwitnessed', { hasText: 'nobody outside has witnessed' }).waitFor()
  t.pass('it is there, and speaks both languages')
})
