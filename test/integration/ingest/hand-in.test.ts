import t from 'tap'
import { lineOf } from '../../../services/custody/intake/hand-in-lines.ts'
import {
  createUpload,
  footage,
  hex,
  type IngestWorld,
  openIngestWorld,
  patch,
  registerTestDock,
  type SeenInTest,
  signedList,
  stateOf,
} from '../../support/ingest.ts'

interface Signed {
  readonly files: readonly { name: string; salt: string }[]
  readonly signature: string
  readonly filesRoot: string
}

interface HandIn {
  readonly id: string
  readonly files: readonly { number: number; state: string; text: string; uploadId: string | null }[]
}

async function open(world: IngestWorld, body: string, token?: string) {
  const headers = { 'content-type': 'application/json' }
  const response = await world.call(
    'POST',
    '/hand-ins',
    token === undefined ? { headers, body } : { headers, body, token },
  )
  return { status: response.status, body: (await response.json()) as { id: string; error?: { message: string } } }
}

async function handIn(world: IngestWorld, id: string): Promise<HandIn> {
  return (await (await world.call('GET', `/hand-ins/${id}`)).json()) as HandIn
}

t.test('a hand-in begins with the signed list of every file', async (t) => {
  const world = await openIngestWorld(t)
  const one = footage(50_000, 'one')
  const two = footage(60_000, 'two')
  const gbk = Buffer.from([0xd6, 0xd8, 0xb5, 0xe3])
  const list: SeenInTest = {
    serial: 'DSJ0001',
    openedAt: '2026-11-20T18:00:00+08:00',
    clockOffsetMs: 3000,
    files: [
      { name: Buffer.from('one.mp4').toString('base64'), bytes: one.length, sha256: hex(one), mark: true },
      { name: gbk.toString('base64'), bytes: two.length, mark: false, deviceTime: '2026-11-20T08:00:00+08:00' },
      { name: Buffer.from('left out.mp4').toString('base64'), bytes: 5, mark: false },
    ],
  }

  t.test('a signature that does not fit is 400 and nothing is kept', async (t) => {
    const other = await registerTestDock(world)
    const forged = await open(world, signedList(other, list))
    t.equal(forged.status, 400)
    t.match(forged.body.error?.message, 'signature')
    const signed = JSON.parse(signedList(world.dock, list)) as Signed
    const refused: Record<string, [object, RegExp]> = {
      'a file taken off the list': [
        { files: signed.files.slice(0, 2) },
        /^count: the head says 3 files, the list has 2/,
      ],
      'and off the count': [{ files: signed.files.slice(0, 2), count: 2 }, /^filesRoot: the head says [0-9a-f]{64}, /],
      'another name in a line': [{ files: signed.files.with(0, { ...signed.files[0]!, name: 'eHh4' }) }, /^filesRoot/],
      'another salt': [
        { files: signed.files.with(0, { ...signed.files[0]!, salt: signed.files[1]!.salt }) },
        /^filesRoot/,
      ],
      'lines in another order': [{ files: signed.files.toReversed() }, /^files\.0\.number: is 2/],
      'another user': [{ user: { person: 'somebody', grade: 'confirmed' } }, /^signature/],
      'a time set back': [{ openedAt: '2026-11-19T18:00:00+08:00' }, /^signature/],
      'a field nobody reads': [{ extra: 1 }, /extra/],
      'a list of version 1': [{ v: undefined }, /^v: a hand-in list of version 1 is not taken: sign version 2/],
      'a list of version 3': [{ v: 3 }, /^v: a hand-in list of version 3 is not taken/],
    }
    for (const [what, [change, message]] of Object.entries(refused)) {
      const answer = await open(world, JSON.stringify({ ...signed, ...change }))
      t.equal(answer.status, 400, what)
      t.match(answer.body.error?.message, message, what)
    }
    t.same(await world.db.selectFrom('hand_in').selectAll().execute(), [])
    t.same(await world.db.selectFrom('event').selectAll().where('kind', '=', 'hand_in.opened').execute(), [])
  })

  t.test('the list is kept as it was signed, and its event is there before the first byte', async (t) => {
    const body = signedList(world.dock, list)
    // The line was cut while the first was still being answered.
    const twice = await Promise.all([open(world, body), open(world, body)])
    const opened = twice[0].status === 201 ? twice[0] : twice[1]
    t.same(twice.map(({ status, body: { id } }) => [status, id]).toSorted(), [
      [200, opened.body.id],
      [201, opened.body.id],
    ])
    const again = await open(world, body)
    t.equal(again.status, 200, 'the answer was lost')
    t.equal(again.body.id, opened.body.id)
    const row = await world.db.selectFrom('hand_in').selectAll().executeTakeFirstOrThrow()
    const { files, signature, ...head } = JSON.parse(body) as Signed
    t.same(JSON.parse(row.head.toString()), head)
    const lines = await world.db.selectFrom('hand_in_file').selectAll().orderBy('number').execute()
    t.same(
      lines.map((line) => ({ ...lineOf(line), salt: line.salt.toString('base64') })),
      files,
    )
    const events = await world.db.selectFrom('event').select('body').where('kind', '=', 'hand_in.opened').execute()
    t.equal(events.length, 1)
    t.match(JSON.parse(events[0]!.body), {
      subjects: [
        { type: 'hand_in', id: opened.body.id },
        { type: 'hand-in-list', id: opened.body.id },
      ],
      details: { files: 3, listSha256: hex(row.head), signature, head: { filesRoot: head.filesRoot } },
    })
    const shown = await handIn(world, opened.body.id)
    t.same(
      shown.files.map(({ text, state }) => [text, state]),
      [
        ['one.mp4', 'expected'],
        ['重点', 'expected'],
        ['left out.mp4', 'expected'],
      ],
    )
    const foreign = await registerTestDock(world)
    t.equal((await world.call('GET', `/hand-ins/${opened.body.id}`, { token: foreign.token })).status, 404)
  })

  t.test("uploads find their line; the list's digest counts as the dock's", async (t) => {
    const { id } = (await open(world, signedList(world.dock, list))).body
    const first = await createUpload(world, one.length, { filename: 'one.mp4', handIn: id })
    t.equal((await handIn(world, id)).files[0]?.state, 'receiving')
    await patch(world, first, 0, one)
    await world.until(async () => (await stateOf(world, first)).state === 'sealed')
    const second = await createUpload(world, two.length, {
      filename: gbk,
      handIn: id,
      handInNumber: '1',
      sha256: hex(two),
    })
    await patch(world, second, 0, two)
    const state = await world.until(async () => {
      const now = await stateOf(world, second)
      return now.state === 'sealed' ? now : null
    })
    t.same(
      (await handIn(world, id)).files.map((file) => file.state),
      ['sealed', 'sealed', 'expected'],
    )
    const recording = await world.db
      .selectFrom('recording')
      .selectAll()
      .where('id', '=', String(state.recordingId))
      .executeTakeFirstOrThrow()
    t.match(recording, { hand_in_id: id, clock_offset_ms: 3000, flags: ['name_not_parsed'] })
  })

  t.test('a file that is not on the list is taken, and waits for two people', async (t) => {
    const { id } = (await open(world, signedList(world.dock, list))).body
    const bytes = footage(70_000, 'extra')
    const path = await createUpload(world, bytes.length, { filename: 'extra.mp4', handIn: id, sha256: hex(bytes) })
    await patch(world, path, 0, bytes)
    const state = await world.until(async () => {
      const now = await stateOf(world, path)
      return now.state === 'complete' ? null : now
    })
    t.match(state, { state: 'quarantined', reason: 'not_listed' })
    const recording = await world.db
      .selectFrom('recording')
      .select('flags')
      .where('id', '=', String(state.recordingId))
      .executeTakeFirstOrThrow()
    t.same(recording.flags, ['not_on_list', 'name_not_parsed'])
  })

  t.test(
    'a file changed after its list was signed is quarantined, even when its upload says the new digest',
    async (t) => {
      const changed = footage(5, 'changed')
      const before = footage(5, 'before')
      const other: SeenInTest = {
        ...list,
        files: [{ name: Buffer.from('changed.mp4').toString('base64'), bytes: 5, sha256: hex(before), mark: false }],
      }
      const { id } = (await open(world, signedList(world.dock, other))).body
      const path = await createUpload(world, 5, { filename: 'changed.mp4', handIn: id, sha256: hex(changed) })
      await patch(world, path, 0, changed)
      const state = await world.until(async () => {
        const now = await stateOf(world, path)
        return now.state === 'complete' ? null : now
      })
      t.match(state, { state: 'quarantined', reason: 'digest_differs' })
      const next = await createUpload(world, 5, { filename: 'changed.mp4', handIn: id, sha256: hex(before) })
      t.not(next, path)
      t.match(
        (await handIn(world, id)).files,
        [{ state: 'quarantined', uploadId: path.slice(9) }],
        'its line stays with it',
      )
    },
  )

  t.test('a terminated upload leaves its line open for the next', async (t) => {
    const { id } = (await open(world, signedList(world.dock, list))).body
    const gone = await createUpload(world, 5, { filename: 'left out.mp4', handIn: id })
    await world.call('DELETE', gone)
    t.equal((await handIn(world, id)).files[2]?.state, 'expected')
    const next = await createUpload(world, 5, { filename: 'left out.mp4', handIn: id })
    t.match((await handIn(world, id)).files[2], { state: 'receiving', uploadId: next.slice(9) })
  })
})
