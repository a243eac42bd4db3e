import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { buildAccess } from '../../../services/access/app.ts'
import { runProgram } from '../../../services/cli/program.ts'
import { defaultSignInRules } from '../../../services/custody/people/sign-in.ts'
import { generateSignerKey } from '../../../services/ledger/format/note.ts'
import { vrfGenerateKey, vrfPublicKey } from '../../../services/ledger/format/vrf.ts'
import { type Populated, populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import { testTerminal } from '../../support/terminal.ts'
import { openWorld, type World } from '../../support/world.ts'
import { settled } from '../fsck/tampered-world.ts'

interface Office {
  readonly world: World
  readonly log: TestLog
  readonly populated: Populated
  readonly env: Record<string, string>
  stopSequencer(): Promise<void>
  startSequencer(): void
}

async function openOffice(t: Test): Promise<Office> {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  let stop = startSequencer(world, log)
  t.teardown(() => stop())
  const populated = await populate(world)
  await world.db.updateTable('person').set({ must_change_password: false }).where('account', '=', 'auditor').execute()
  const ledger = {
    origin: log.origin,
    verifierKey: log.verifierKeys,
    vrfPublicKey: log.vrfPublicKey.toString('hex'),
    policy: null,
  }
  const settings = {
    origin: 'http://access.test',
    signIn: defaultSignInRules,
    requestsPerMinuteMax: 1_000_000,
    signInsPerMinuteMax: 10_000,
    tls: null,
    ledger,
    dockPassKey: null,
    witnessAgeMsMax: 600_000,
    askAgainMs: 10_000,
  }
  const deps = {
    db: world.dbFor('access'),
    stores: world.storesFor('access'),
    clock: world.clock,
    log: world.log,
    settings,
  }
  const server = await buildAccess(deps, async () => ({}))
  t.teardown(() => server.close())
  const env = {
    CUSTODY_ACCESS: await server.listen({ host: '127.0.0.1', port: 0 }),
    CUSTODY_ACCOUNT: 'auditor',
    CUSTODY_PASSWORD: populated.passwords.auditor,
    LEDGER_VERIFIER_KEY: log.verifierKeys,
    LEDGER_VRF_PUBLIC_KEY: ledger.vrfPublicKey,
  }
  await settled(world)
  return {
    world,
    log,
    populated,
    env,
    stopSequencer: () => stop(),
    startSequencer: () => {
      stop = startSequencer(world, log)
    },
  }
}

async function chain(office: Office, extra: Record<string, string> = {}, ...args: string[]) {
  const terminal = testTerminal({ ...office.env, ...extra })
  const code = await runProgram(['chain', office.populated.caseNumber, ...args], terminal)
  return { code, printed: terminal.printed.join('\n'), told: terminal.told.join('\n') }
}

async function chainJson(office: Office, extra: Record<string, string> = {}) {
  const { code, printed, told } = await chain(office, extra, '--json')
  if (!printed) throw new Error(told)
  const answer = JSON.parse(printed) as {
    findings: { by: string; code: string; where: string }[]
    verified: { provenEvents: number; checkpoint: { size: number } | null; uncovered: string[] }
    chain: { events: { id: string; kind: string; index: number | null }[]; recordings: { copies: unknown[] }[] }
  }
  return { code, ...answer, found: answer.findings.map(({ by, code, where }) => `${by} ${code} ${where}`) }
}

t.test('the auditor pulls a case’s chain and the command proves every event of it from the tiles', async (t) => {
  const office = await openOffice(t)
  const answer = await chainJson(office)
  t.same(answer.found, [])
  t.equal(answer.code, 0)
  const kinds = answer.chain.events.map(({ kind }) => kind)
  for (const kind of ['case.opened', 'upload.created', 'recording.sealed', 'recording.verified', 'recording.copied']) {
    t.ok(kinds.includes(kind as never), kind)
  }
  for (const kind of [
    'recording.secured',
    'recording.attached',
    'rendition.ready',
    'viewing.opened',
    'viewing.ended',
  ]) {
    t.ok(kinds.includes(kind as never), kind)
  }
  t.equal(answer.verified.provenEvents + answer.verified.uncovered.length, answer.chain.events.length)
  t.ok(answer.verified.provenEvents >= 15)
  t.same(
    answer.chain.recordings.map(({ copies }) => copies.length),
    [3, 3],
  )

  await t.test('for people it is said in Chinese, or in English', async (t) => {
    const chinese = await chain(office)
    t.match(chinese.printed, /验证通过/)
    t.match(chinese.printed, /固定入库/)
    const english = await chain(office, {}, '--lang', 'en', '--objects')
    t.equal(english.code, 0)
    t.match(english.printed, /Verified: nothing found/)
    t.match(english.printed, /SHA-256 computed again/)
  })

  await t.test('reading the chain is itself in the chain', async (t) => {
    await settled(office.world)
    const { chain } = await chainJson(office)
    t.ok(chain.events.some(({ kind }) => kind === 'chain.read'))
  })

  await t.test('the keys come from outside: with others nothing is proven', async (t) => {
    const other = generateSignerKey(office.log.origin).verifierKey
    t.same((await chainJson(office, { LEDGER_VERIFIER_KEY: other })).found, [
      'verifier checkpoint_signature checkpoint',
    ])
    const vrf = vrfPublicKey(vrfGenerateKey()).toString('hex')
    const { code, findings } = await chainJson(office, { LEDGER_VRF_PUBLIC_KEY: vrf })
    t.equal(code, 1)
    t.same([...new Set(findings.map(({ code }) => code))], ['secret_differs'])
  })

  await t.test('a wrong password or case ends with 2', async (t) => {
    t.equal((await chain(office, { CUSTODY_PASSWORD: 'wrong' })).code, 2)
    const terminal = testTerminal(office.env)
    t.equal(await runProgram(['chain', 'no such case'], terminal), 2)
    t.match(terminal.told.join(), /there is no case/)
  })
})

t.test('whoever holds the database is seen by the auditor', async (t) => {
  const office = await openOffice(t)
  const recordingId = office.populated.recordingIds[0]!
  const target = await office.world.db
    .selectFrom('event')
    .where('kind', '=', 'recording.verified')
    .where(sql<boolean>`subjects @> array[${`recording:${recordingId}`}]`)
    .select(['id', 'leaf_index as index'])
    .executeTakeFirstOrThrow()
  const { hand_in_id: handInId } = await office.world.db
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .select('hand_in_id')
    .executeTakeFirstOrThrow()
  const cases: Record<string, { statement: string; found: string[] }> = {
    'a changed body': {
      statement: `update event set body = replace(body, 'primary', 'backup-a') where id = '${target.id}'`,
      found: [`verifier body_differs event ${target.id}`, `service tree.body_differs event ${target.id}`],
    },
    'a deleted event': {
      statement: `delete from event where id = '${target.id}'`,
      found: [`verifier event_missing leaf ${target.index}`, `service tree.event_missing leaf ${target.index}`],
    },
    'an event deleted with links and subjects': {
      statement: `delete from event where id = '${target.id}'; delete from link where event_id = '${target.id}'`,
      found: [
        `verifier event_missing leaf ${target.index}`,
        `service tree.number_missing recording:${recordingId}`,
        `service rows.row_differs recording ${recordingId}`,
        `service rows.row_differs copy ${recordingId}/primary`,
      ],
    },
    'a changed leaf': {
      statement: `update leaf set data = set_byte(data, 20, 48 + (get_byte(data, 20) - 47) % 10) where index = ${target.index}`,
      found: [`verifier leaf_differs leaf ${target.index}`, `service tree.leaf_differs leaf ${target.index}`],
    },
    'a changed tile': {
      statement: `update tile set hashes = set_byte(hashes, 7, 255 - get_byte(hashes, 7)) where level = 0`,
      found: ['verifier tile_differs tile/0/000', 'service tree.tile_differs tile/0/000'],
    },
    'a changed checkpoint': {
      statement: `update checkpoint set note = replace(note, E'\\n' || size || E'\\n', E'\\n1\\n')`,
      found: ['verifier checkpoint_signature checkpoint', 'service tree.checkpoint_signature checkpoint'],
    },
    'a changed row': {
      statement: `update recording set mark = not mark where id = '${recordingId}'`,
      found: [`service rows.row_differs recording ${recordingId}`],
    },
    'a changed line of a dock’s list': {
      statement: `update hand_in_file set mark = not mark where hand_in_id = '${handInId}'`,
      found: [`verifier hand_in_differs hand-in ${handInId}`, `service signatures.hand_in_differs hand-in ${handInId}`],
    },
    'a changed size': {
      statement: `update recording set bytes = bytes + 1 where id = '${recordingId}'`,
      found: [
        `verifier recording_differs recording ${recordingId}`,
        `service rows.row_differs recording ${recordingId}`,
        ...['primary', 'backup-a', 'backup-b'].map(
          (store) => `service stores.size_differs copy ${recordingId}/${store}`,
        ),
      ],
    },
  }
  for (const [name, { statement, found }] of Object.entries(cases)) {
    await t.test(`${name} shows as exactly that`, async (t) => {
      await settled(office.world)
      await office.stopSequencer()
      const undo = await tamper(office.world, statement)
      const answer = await chainJson(office).finally(undo)
      office.startSequencer()
      t.same(answer.found.map(withoutWidth).sort(), [...found].sort())
      t.equal(answer.code, 1)
    })
  }
  await settled(office.world)
  t.same((await chainJson(office)).found, [], 'each was taken back')
})

/** The width of a tile and the size of a checkpoint grow with the log. */
function withoutWidth(text: string): string {
  return text.replace(/\.p\/\d+$/, '').replace(/ checkpoint \d+$/, ' checkpoint')
}

const tables = ['event', 'leaf', 'link', 'tile', 'checkpoint', 'recording', 'hand_in_file'] as const
const keys = {
  event: 'id',
  leaf: 'index',
  link: '(subject, n)',
  tile: '(level, index)',
  checkpoint: 'size',
  recording: 'id',
  hand_in_file: '(hand_in_id, number)',
}

/** Commits a change with all triggers and keys off; the function answered puts the rows back as they were. */
async function tamper(world: World, statement: string): Promise<() => Promise<void>> {
  const run = (text: string) =>
    world.asSuperuser((db) => sql.raw(`set session_replication_role = replica; ${text}`).execute(db))
  await run(
    `create schema saved; ${tables.map((table) => `create table saved.${table} as table ${table};`).join('')} ${statement}`,
  )
  return async () => {
    const restore = tables.map(
      (
        table,
      ) => `delete from ${table} where ${keys[table]} in (select ${keys[table].replace(/[()]/g, '')} from saved.${table});
        insert into ${table} select * from saved.${table};`,
    )
    await run(`${restore.join('')} drop schema saved cascade`)
  }
}
