import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { closeDone } from '../../../services/dock/docking/background.ts'
import { offerRefusedAgain } from '../../../services/dock/docking/refused-copies.ts'
import { sendFromSpool } from '../../../services/dock/docking/send.ts'
import type { Session } from '../../../services/dock/docking/session.ts'
import { openSpoolState } from '../../../services/dock/docking/station-state.ts'
import { needsDevice } from '../../../services/dock/docking/take-in.ts'
import { Refused } from '../../../services/dock/ingest/client.ts'
import { openingPath, postWaiting } from '../../../services/dock/ingest/outbox.ts'
import { mendCopies } from '../../../services/dock/receipts/mend-copies.ts'
import { keptCopyHolds } from '../../../services/dock/spool/kept-copies.ts'
import type { FileProgress } from '../../../services/dock/spool/records.ts'
import { hex } from '../../support/ingest.ts'
import { listOf, openSpool } from './spool-deps.ts'

const cleared = { cleared: 'yes', receipt: 'witnessed', reading: 'done', sending: 'said' } as const

t.test('a kept copy that is missing or altered does not count, and a witnessed file needs none', async (t) => {
  const { deps, folder } = await openSpool(t, () => null)
  const bytes = Buffer.from('footage')
  const source = async function* () {
    yield bytes
  }
  for (const name of ['0', '1', '2']) await deps.copies.keep(name, bytes.length, source())
  t.ok(await keptCopyHolds(deps, '0', hex(bytes)))
  t.notOk(await keptCopyHolds(deps, '0', hex(Buffer.from('other'))))
  rmSync(join(folder, 'copies', '0'))
  t.notOk(await keptCopyHolds(deps, '0', hex(bytes)))
  const list = listOf('a', 'DSJ1', [{ keptCopy: 'none' }, { keptCopy: '1' }, { keptCopy: '2', receipt: 'witnessed' }])
  await deps.book.add(list, '{}', [])
  await mendCopies(deps)
  t.same(
    list.files.map(({ keptCopy }) => keptCopy),
    [null, '1', null],
  )
  t.notOk(deps.copies.has('2'))

  const early = listOf('b', 'DSJ1', [{ cleared: 'before_witness', receipt: 'provisional', keptCopy: '3' }])
  await deps.copies.keep('3', bytes.length, source())
  await deps.book.add(early, '{}', [])
  const missing = () => openSpoolState(deps, { all: () => [] }).current().missingCopies
  await mendCopies(deps)
  t.equal(missing(), 0)
  truncateSync(join(folder, 'copies', '3'), 100)
  await mendCopies(deps)
  t.equal(missing(), 1, 'what the bureau was told is kept here is not, and that shows')
})

t.test(
  'a refused list with kept copies stays, is offered again, and is over once its files came otherwise',
  async (t) => {
    let isRefused = true
    const { deps, asked } = await openSpool(t, ({ path }) => {
      if (path === openingPath && isRefused) throw new Refused(400, 'bad_request', 'no such device')
      return { id: 'theirs' }
    })
    const source = async function* () {
      yield Buffer.from('footage')
    }
    for (const name of ['0', '1']) await deps.copies.keep(name, 7, source())
    const kept = { reading: 'done', sha256: 'ab' } as const
    const list = listOf('a', 'DSJ1', [
      { ...kept, keptCopy: '0' },
      { ...kept, keptCopy: '1', sending: 'refused' },
    ])
    const posts = [
      { path: openingPath, body: null },
      { path: '/hand-ins/{handIn}/gaps', body: {} },
    ]
    await deps.book.add(list, '{}', posts)
    await deps.book.add(listOf('none kept', 'DSJ2', [{}]), '{}', posts)
    const turn = async () => {
      await postWaiting(deps)
      await closeDone(deps)
    }
    await turn()
    t.match(deps.book.open(), [{ id: 'a', state: 'refused' }], 'only the one that could lose footage stays')
    const spool = openSpoolState(deps, { all: () => [] })
    t.match(spool.current(), { refusedFiles: 2, waitingBytes: 2 })

    await offerRefusedAgain(deps)
    await turn()
    t.equal(list.state, 'refused')
    isRefused = false
    asked.length = 0
    await offerRefusedAgain(deps)
    await turn()
    t.match(list, { state: 'opened', serverId: 'theirs', files: [{ sending: 'waiting' }, { sending: 'waiting' }] })
    t.same(
      asked.map(({ path }) => path),
      [openingPath, '/hand-ins/theirs/gaps'],
    )
    t.equal(spool.current().refusedFiles, 0)

    await deps.book.saveHandIn(list, { state: 'refused' })
    await turn()
    t.equal(deps.book.open().length, 1)
    await deps.book.add(listOf('later', 'DSJ1', [{ ...cleared, sha256: 'ab' }]), '{}', [])
    await turn()
    t.same(deps.book.open(), [], 'the same bytes have a witnessed receipt by another list')
    t.notOk(deps.copies.has('0') || deps.copies.has('1'))
  },
)

/** A station on this spool whose line to the bureau holds, with one kept copy. */
async function openLine(t: Parameters<typeof openSpool>[0], progress: Partial<FileProgress>) {
  let received = 0
  const { deps, folder } = await openSpool(t, async ({ method, stream }) => {
    if (method === 'PATCH') for await (const chunk of stream!) received += chunk.length
  })
  const places = {
    run: (_who: unknown, _signal: unknown, work: () => unknown) => work(),
    paced: (_device: unknown, bytes: unknown) => bytes,
  }
  const ask: typeof deps.ingest.ask = async (question) => {
    const answer = await deps.ingest.ask(question)
    return { ...answer, headers: { location: '/uploads/u', 'upload-offset': String(received) } }
  }
  const ingest = { ask, clock: () => ({ offsetMs: 5000, errorMs: 0, atMs: 0 }) }
  const signingKey = generateKeyPairSync('ed25519').privateKey
  const station = { ...deps, places, ingest, signingKey, patienceMs: 1000 } as unknown as typeof deps
  const made = listOf('a', 'DSJ1', [{ reading: 'done', sha256: 'ab', keptCopy: 'a-0.age', ...progress }])
  const list = { ...made, filesRoot: 'ab', serverId: 'theirs', state: 'opened' as const }
  Object.assign(list.files[0]!, { bytes: 7 })
  await deps.book.add(list, '{}', [])
  await deps.copies.keep('a-0.age', 7, Readable.from([Buffer.from('footage')]))
  const send = () => sendFromSpool(station, list, list.files[0]!, new AbortController().signal)
  return { deps, list, file: list.files[0]!, path: join(folder, 'copies', 'a-0.age'), send }
}

t.test('a kept copy that cannot be read is wanted from its device again; its rest stays until then', async (t) => {
  const { deps, list, file, path, send } = await openLine(t, { uploadId: 'u' })
  const bytes = readFileSync(path)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(path, bytes)
  await send()
  t.match(file, { keptCopy: null, sending: 'waiting' })
  t.ok(needsDevice(file) && deps.copies.has('a-0.age'))
  const wanted = (stage: string) =>
    openSpoolState(deps, { all: () => [{ serial: 'DSJ1', stage } as Session] }).current().devicesWanted
  t.same(wanted('left'), ['DSJ1'])
  t.same(wanted('settling'), [], 'it is there, and is read')
  await deps.book.saveFile(list, file, cleared)
  await closeDone(deps)
  t.notOk(deps.copies.has('a-0.age'))
})

t.test('what a station read while its clock was ahead counts as read when the bureau’s clock is heard', async (t) => {
  for (const [readMs, counts] of [
    [9_000_000_000_000, 5000],
    [4000, 4000],
  ] as const) {
    const { file, send } = await openLine(t, { readMs })
    await send()
    t.match(file, { sending: 'said', readMs: counts })
  }
})
