import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { joinNote, openNote, parseVerifierKey, splitNote } from '../../../services/ledger/format/note.ts'
import { parseAddCheckpoint } from '../../../services/ledger/format/witness-protocol.ts'
import { testTerminal } from '../../support/terminal.ts'
import { makeWitness, type OwnWitness } from '../../support/witness.ts'
import { appendOne, publishedSize, witnessedSize } from '../../support/witness-loop.ts'
import { type Bureau, openBureau, type Person } from '../access/bureau.ts'

/** A bureau whose one witness has no network, and a desk with the courier's files. */
async function openDesk(t: Test) {
  const witnesses: OwnWitness[] = []
  const bureau = await openBureau(t, {
    policy: async (log) => {
      const witness = await makeWitness(t, log.verifierKeys)
      witnesses.push(witness)
      return `${witness.policyLines('legal')}quorum legal\n`
    },
  })
  const folder = t.testdir()
  mkdirSync(folder, { recursive: true })
  const by = async (who: Person, ...args: string[]) => {
    const env = { CUSTODY_ACCESS: bureau.base, CUSTODY_ACCOUNT: who.account, CUSTODY_PASSWORD: who.password }
    const terminal = testTerminal(env)
    const code = await runProgram(['courier', ...args], terminal)
    return { code, out: terminal.printed.join('\n'), err: terminal.told.join('\n') }
  }
  const { auditor } = bureau.people
  return {
    bureau,
    witness: witnesses[0]!,
    path: (name: string) => join(folder, name),
    by,
    takeOut: (name: string) => by(auditor, 'export', '--witness', 'legal-0', '--out', join(folder, name)),
    bringBack: (name: string, ...more: string[]) => by(auditor, 'import', join(folder, name), ...more),
    sign: (from: string, to: string) => witnesses[0]!.command('sign', join(folder, from), '--out', join(folder, to)),
  }
}

const courierEvents = async ({ eventsOf }: Bureau) => [
  ...(await eventsOf('courier.exported')),
  ...(await eventsOf('courier.imported')),
]

t.test(
  'out, signed without a network, and back: witnessed by both keys; the same file twice changes nothing',
  async (t) => {
    const { bureau, witness, path, takeOut, bringBack, sign, by } = await openDesk(t)
    const { world } = bureau
    await appendOne(world)
    await world.until(() => publishedSize(world))
    t.match(await takeOut('1.out'), { code: 0, out: /已导出待外部见证的存证节点/ })
    const { oldSize, note } = parseAddCheckpoint(readFileSync(path('1.out'), 'utf8'))
    t.equal(oldSize, 0)
    t.match(await takeOut('1.out'), { code: 2, err: /not written over/ })
    t.match(await sign('1.out', '1.back'), { code: 0 })
    t.match(await bringBack('1.back'), { code: 0, out: /外部见证单位已足数/ })
    const size = await witnessedSize(world)
    t.equal(size, Number(note.split('\n')[1]))
    t.match(await bringBack('1.back'), { code: 0, out: /此前已导入/ })
    const events = await courierEvents(bureau)
    t.match(events, [
      { actorRole: 'auditor', details: { witness: witness.name, oldSize: 0, size } },
      { actorRole: 'auditor' },
      { actorRole: 'auditor', details: { witness: witness.name, size, witnessed: true } },
    ])
    t.equal(events.length, 3, 'what changed nothing is no event')

    t.match(await by(bureau.people.administrator, 'export', '--witness', witness.name, '--out', path('2.out')), {
      code: 0,
    })
    t.equal(parseAddCheckpoint(readFileSync(path('2.out'), 'utf8')).oldSize, size, 'it leads on from what was cosigned')
    t.match(await sign('2.out', '2.back'), { code: 0 })
    t.match(await bringBack('2.back'), { code: 0 })
    t.match(await bringBack('1.back'), { code: 0, out: /此前已导入/ }, 'a file that was taken in before is never wrong')
    const session = await bureau.signIn(bureau.people.supervisor)
    const state = await session.call('GET', '/ledger/state')
    t.match(state.body, { witnessedSize: Number, witnesses: [{ name: witness.name, kind: 'courier', alarm: null }] })
    t.match(state.body.unwitnessedSince, /T/, 'signing in made a checkpoint that nobody has carried')
  },
)

t.test('a file that is wrong, stale, foreign or changed is refused, and says why; nothing is stored', async (t) => {
  const { bureau, witness, path, takeOut, bringBack, sign } = await openDesk(t)
  const { world, log } = bureau
  await appendOne(world)
  await world.until(() => publishedSize(world))
  await takeOut('1.out')
  await sign('1.out', '1.back')
  const note = readFileSync(path('1.back'), 'utf8')
  const { text, signatures } = splitNote(note)
  const attempt = async (content: string) => {
    writeFileSync(path('attempt'), content)
    return bringBack('attempt')
  }
  const stranger = await makeWitness(t, log.verifierKeys, 'stranger.test/witness')
  await stranger.command('sign', path('1.out'), '--out', path('stranger.back'))
  const impostor = await makeWitness(t, log.verifierKeys, witness.name)
  await impostor.command('sign', path('1.out'), '--out', path('impostor.back'))
  const lines = note.slice(text.length + 1).split(/(?<=\n)/)
  const ofLog = lines.filter((line) => line.includes(` ${log.origin} `))
  const ofWitness = lines.filter((line) => !line.includes(` ${log.origin} `))
  t.equal(signatures.length, ofLog.length + 2)
  const flip = (content: string, at: number) =>
    `${content.slice(0, at)}${content[at] === 'A' ? 'B' : 'A'}${content.slice(at + 1)}`

  const wrong: Record<string, [string, RegExp]> = {
    'the file that went out': [readFileSync(path('1.out'), 'utf8'), /no signed checkpoint/],
    'a picture': ['\u0089PNG\r\n', /no signed checkpoint/],
    'a file that was cut': [note.slice(0, -10), /no signed checkpoint/],
    'another witness': [readFileSync(path('stranger.back'), 'utf8'), /no signature of a witness that the policy names/],
    "another's keys under its name": [readFileSync(path('impostor.back'), 'utf8'), /no signature of a witness/],
    'another ledger': [note.replaceAll(log.origin, 'else.test/ledger'), /of the ledger else\.test\/ledger/],
    'a size that was changed': [note.replace(/\n\d+\n/, '\n900\n'), /was changed/],
    'a root that was changed': [flip(note, text.split('\n').slice(0, 2).join('\n').length + 5), /was changed/],
    "a changed line of the log's": [flip(note, text.length + 1 + lines[0]!.length - 20), /was changed/],
    'a changed line of the witness': [flip(note, note.length - 20), /was changed/],
    'no line of the log': [`${text}\n${ofWitness.join('')}`, /own signatures/],
    'only Ed25519 of the log': [`${text}\n${ofLog[0]}${ofWitness.join('')}`, /lacks the log's ML-DSA-44 signature/],
    'only ML-DSA-44 of the log': [`${text}\n${ofLog[1]}${ofWitness.join('')}`, /lacks the log's Ed25519 signature/],
    'only Ed25519 of the witness': [
      `${text}\n${ofLog.join('')}${ofWitness[0]}`,
      /lacks the ML-DSA-44 signature of legal/,
    ],
    'only ML-DSA-44 of the witness': [
      `${text}\n${ofLog.join('')}${ofWitness[1]}`,
      /lacks the Ed25519 signature of legal/,
    ],
    'one kind of the witness twice': [
      `${text}\n${ofLog.join('')}${ofWitness[0]}${ofWitness[0]}`,
      /lacks the ML-DSA-44 signature of legal/,
    ],
    'no line of the witness': [`${text}\n${ofLog.join('')}`, /no signature of a witness/],
  }
  for (const [what, [content, reason]] of Object.entries(wrong)) {
    t.match(await attempt(content), { code: 2, err: reason }, what)
  }
  t.same(await world.db.selectFrom('cosignature').selectAll().execute(), [])
  t.same(await bureau.eventsOf('courier.imported'), [])

  await world.db.insertInto('witness_contact').values({ name: witness.name, last_size: 1000 }).execute()
  t.match(await bringBack('1.back'), { code: 2, err: /an old one: .* has cosigned 1000 already/ }, 'a stale file')
  await world.db.updateTable('witness_contact').set({ last_size: 0 }).execute()

  writeFileSync(path('lines'), ofWitness.join(''))
  t.match(await bringBack('lines'), { code: 2, err: /--exported/ }, 'lines alone')
  t.match(await bringBack('lines', '--exported', path('1.out')), { code: 0 }, 'lines with the file that went out')
})

t.test("another tree under the log's own key is an alarm", async (t) => {
  const { bureau, path, takeOut, bringBack, sign } = await openDesk(t)
  const { world, log } = bureau
  await appendOne(world)
  await world.until(() => publishedSize(world))
  await takeOut('1.out')
  const { note } = parseAddCheckpoint(readFileSync(path('1.out'), 'utf8'))
  const size = Number(note.split('\n')[1])
  const forged = log.sign({ size, root: Buffer.alloc(32, 1) })
  writeFileSync(path('forged.out'), `old 0\n\n${forged}`)
  t.match(await sign('forged.out', 'forged.back'), { code: 0 }, 'the witness meets the other history first')
  t.match(await sign('1.out', '1.back'), { code: 1, err: /two histories/ }, 'and refuses the published one')
  t.match(await bringBack('forged.back'), { code: 2, err: /another tree/ })
  t.match(await bringBack('forged.back'), { code: 2, err: /another tree/ })
  const alarms = (await bureau.eventsOf('alarm.raised')).filter(({ details }) => details.alarm === 'witness_disagrees')
  t.equal(alarms.length, 1, 'once')
  t.equal(await witnessedSize(world), 0)
  const keys = log.verifierKeys.split(' ').map(parseVerifierKey)
  t.doesNotThrow(() => openNote(forged, keys), 'which is what makes it an alarm')
})

t.test('a checkpoint that lacks one of the log’s signatures is not given out', async (t) => {
  const { bureau, takeOut } = await openDesk(t)
  const { world } = bureau
  await appendOne(world)
  await world.until(() => publishedSize(world))
  await bureau.stopSequencer()
  await world.asSuperuser(async (db) => {
    const { size, note } = await db
      .selectFrom('checkpoint')
      .select(['size', 'note'])
      .orderBy('size', 'desc')
      .executeTakeFirstOrThrow()
    const { text, signatures } = splitNote(note)
    const stripped = joinNote(text, signatures.slice(0, 1))
    await sql`set session_replication_role = replica`.execute(db)
    await db.updateTable('checkpoint').set({ note: stripped }).where('size', '=', size).execute()
  })
  t.match(await takeOut('1.out'), { code: 2, err: /cannot be given to a witness: .*ML-DSA-44/ })
  t.same(await bureau.eventsOf('courier.exported'), [])
})

t.test('only auditor and administrator carry; a witness that is not named is not found', async (t) => {
  const { bureau, by, path } = await openDesk(t)
  await bureau.world.until(() => publishedSize(bureau.world))
  for (const who of [bureau.people.custodian, bureau.people.supervisor, bureau.people.officer]) {
    t.match(await by(who, 'export', '--witness', 'legal-0', '--out', path('x')), { code: 2, err: /not for the role/ })
  }
  const asked = await by(bureau.people.auditor, 'export', '--witness', 'nobody', '--out', path('x'))
  t.match(asked, { code: 2, err: /names no witness nobody; it names legal\.test\/witness/ })
})
