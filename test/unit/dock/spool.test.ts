import t from 'tap'
import { announce, TooSoon } from '../../../services/dock/clearing/announce.ts'
import { closeDone } from '../../../services/dock/docking/background.ts'
import { Away, Refused } from '../../../services/dock/ingest/client.ts'
import { openingPath, postWaiting, reportsPath } from '../../../services/dock/ingest/outbox.ts'
import { openBook } from '../../../services/dock/spool/book.ts'
import { handedOverBetween, keepHandedOver, newestHandedOver } from '../../../services/dock/spool/handed-over.ts'
import type { ClearingRecord } from '../../../services/dock/spool/records.ts'
import { listOf, openSpool } from './spool-deps.ts'

const cleared = { cleared: 'yes', receipt: 'witnessed', reading: 'done', sending: 'said' } as const

t.test(
  'lines that the bureau refuses are left out of a clearing; one announced before is asked for again',
  async (t) => {
    let damaged = [1]
    const { deps, asked } = await openSpool(t, () => {
      if (damaged.length === 0) return { id: 'theirs' }
      const files = damaged.map((number) => ({ number, why: 'damaged' }))
      damaged = []
      throw new Refused(409, 'conflict', 'no', { files })
    })
    const list = listOf('a', 'DSJ1', [{}, {}])
    await deps.book.add(list, '{}', [])
    const files = [0, 1].map((number) => ({
      number,
      sha256: '',
      basis: 'witnessed' as const,
      receiptIndex: number,
      outcome: 'waiting' as const,
    }))
    const clearing: ClearingRecord = { id: 'c', handIn: 'a', begunMs: 0, state: 'intended', serverId: null, files }
    await deps.clearings.intend(clearing)
    const rest = await announce(deps, clearing, 80)
    t.match(rest, { state: 'announced', serverId: 'theirs', files: [{ number: 0 }] })
    t.match(
      asked.map(({ json }) => json),
      [{ fullPercent: 80 }, { fullPercent: 80, files: [{ number: 0 }] }],
    )
    t.match(list.files[1], { cleared: 'failed', receiptReason: 'damaged' })
    t.match(
      (await deps.clearings.open()).map(({ files }) => files.length),
      [1],
    )
    await announce(deps, rest!, 80)
    t.equal(asked.length, 3, 'in another run it is asked for again')
    damaged = [0]
    t.equal(await announce(deps, rest!, 80), null, 'and nothing goes when the bureau says no by now')
    t.equal(rest!.state, 'announced', 'it is still to be ended')
  },
)

t.test('a clearing that comes before the end of an earlier one is told is asked for again, not given up', async (t) => {
  const { deps } = await openSpool(t, () => {
    throw new Refused(409, 'conflict', 'no', { files: [{ number: 0, why: 'announced' }] })
  })
  const list = listOf('a', 'DSJ1', [{}])
  await deps.book.add(list, '{}', [])
  const files = [{ number: 0, sha256: '', basis: 'witnessed', receiptIndex: 0, outcome: 'waiting' } as const]
  const clearing: ClearingRecord = { id: 'c', handIn: 'a', begunMs: 0, state: 'intended', serverId: null, files }
  await deps.clearings.intend(clearing)
  const outcome = await announce(deps, clearing, 80).catch((error: unknown) => error)
  t.type(outcome, TooSoon)
  t.equal(list.files[0]!.cleared, 'no')
  const kept = await deps.database.read('select id from clearing union all select clearing from clearing_file')
  t.same(kept, [], 'it is made anew once that end is told, and nothing of it stays')
})

t.test('a post that fails holds up its own list only; a list with waiting posts is not closed', async (t) => {
  let isBroken = true
  const bothOpening = Promise.withResolvers<void>()
  const { deps, asked } = await openSpool(t, async ({ path, json }) => {
    if (path === '/hand-ins/A/gaps' && isBroken) throw new Away('500', { isAboutQuestion: true })
    // One list does not wait for the answer that another one gets.
    if (asked.filter((one) => one.path === openingPath).length === 2) bothOpening.resolve()
    await bothOpening.promise
    return { id: (json as { list?: string }).list }
  })
  for (const id of ['A', 'B']) {
    await deps.book.add(listOf(id, id, [cleared]), JSON.stringify({ list: id }), [
      { path: openingPath, body: null },
      { path: '/hand-ins/{handIn}/gaps', body: {} },
    ])
  }
  await postWaiting(deps)
  await closeDone(deps)
  t.same(
    asked.map(({ path }) => path),
    [openingPath, openingPath, '/hand-ins/A/gaps', '/hand-ins/B/gaps'],
  )
  t.ok(deps.troubles.has('A'))
  t.match(deps.book.open(), [{ id: 'A', state: 'opened', serverId: 'A' }])
  isBroken = false
  await postWaiting(deps)
  await closeDone(deps)
  t.notOk(deps.troubles.has('A'))
  t.same(deps.book.open(), [])
})

t.test('what is said of whose a volume is goes between the lists of its device, as it was kept', async (t) => {
  let isBroken = false
  const { deps, asked } = await openSpool(t, async ({ path, json }) => {
    const { kind, list } = json as { kind?: string; list?: string }
    if (kind === 'volume_stated' && isBroken) throw new Away('500', { isAboutQuestion: true })
    // Whoever is slow lets the others by, where they may go by.
    if (path === reportsPath || list === 'A1') await new Promise((resolve) => setTimeout(resolve, 30))
    return { id: list }
  })
  const open = (id: string, serial: string) =>
    deps.book.add(listOf(id, serial, [cleared]), JSON.stringify({ list: id }), [{ path: openingPath, body: null }])
  const state = (serial: string) => deps.answers.report({ kind: 'volume_stated', serial }, null)
  const told = () =>
    asked.splice(0).map(({ json }) => {
      const { list, kind, serial } = json as { list?: string; kind?: string; serial?: string }
      return list ?? `${kind} ${serial}`
    })
  await open('A1', 'A')
  await state('A')
  await open('A2', 'A')
  await open('B1', 'B')
  await postWaiting(deps)
  const first = told()
  t.same(
    first.filter((one) => one !== 'B1'),
    ['A1', 'volume_stated A', 'A2'],
  )
  t.ok(first.indexOf('B1') < first.indexOf('volume_stated A'), 'another device does not wait for it')

  isBroken = true
  await state('A')
  await open('A3', 'A')
  await state('B')
  await deps.answers.report({ kind: 'device_taken', serial: 'C' }, null)
  await postWaiting(deps)
  t.same(
    told().sort(),
    ['device_taken C', 'volume_stated A', 'volume_stated B'],
    'the list waits for what is said of it',
  )
  t.ok(deps.troubles.has(null))
  isBroken = false
  await postWaiting(deps)
  t.same(
    told().filter((one) => !one.endsWith('B')),
    ['volume_stated A', 'A3'],
  )
  t.notOk(deps.troubles.has(null))
})

t.test('a clearing that stands at the bureau since an answer was lost is kept, to be ended by its name', async (t) => {
  let endedAt: string | null = null
  let why = 'not_late'
  const { deps } = await openSpool(t, () => {
    throw new Refused(409, 'conflict', 'no', {
      files: [{ number: 0, why }],
      clearingId: 'theirs',
      endedAt,
    })
  })
  await deps.book.add(listOf('a', 'DSJ1', [{}]), '{}', [])
  const file = { number: 0, sha256: '', basis: 'before_witness', receiptIndex: 0, outcome: 'waiting' } as const
  const intend = async (id: string) => {
    const clearing: ClearingRecord = {
      ...{ id, handIn: 'a', begunMs: 0, state: 'intended', serverId: null, files: [{ ...file }] },
    }
    await deps.clearings.intend(clearing)
    return clearing
  }
  t.equal(await announce(deps, await intend('c'), 80), null, 'nothing may be removed by it')
  t.match(await deps.clearings.open(), [{ id: 'c', state: 'announced', serverId: 'theirs' }])
  endedAt = '2026-11-28T10:00:00Z'
  const closed = await intend('d')
  t.equal(await announce(deps, closed, 80), null)
  t.equal(closed.state, 'refused', 'one that is closed there is over')
  why = 'is_witnessed'
  await t.rejects(announce(deps, await intend('e'), 80), { message: /an earlier clearing is not closed/ })
})

t.test('a list that is done still counts as handed in, also for the next agent', async (t) => {
  const { deps } = await openSpool(t, () => ({}))
  const list = { ...listOf('a', 'DSJ1', [{}]), openedMs: 5000 }
  await deps.book.add(list, '{}', [])
  await deps.book.saveHandIn(list, { state: 'done' })
  t.same(deps.book.open(), [])
  t.same([...deps.book.newestLists()], [['DSJ1', 5000]])
  t.same([...(await openBook(deps.database)).newestLists()], [['DSJ1', 5000]])
})

t.test('everything that left is in the list of its day, also more than the screen shows at once', async (t) => {
  const { deps } = await openSpool(t, () => ({}))
  const { database } = deps
  const day = 24 * 60 * 60_000
  const left = (at: number) => ({ at, person: null, serial: `DSJ${at}`, files: 1, result: 'provisional' as const })
  for (let at = 0; at < 57; at += 1) await keepHandedOver(database, left(at))
  await keepHandedOver(database, left(day))
  const today = await handedOverBetween(database, { fromMs: 0, untilMs: day })
  t.equal(today.length, 57)
  t.same(today[0], left(56), 'the newest first')
  t.same(
    (await newestHandedOver(database, 2)).map(({ at }) => at),
    [day, 56],
  )
  await keepHandedOver(database, left(33 * day))
  t.equal((await newestHandedOver(database, 100)).length, 1, 'for a month')
})
