import t from 'tap'
import { askReceipts } from '../../../services/dock/receipts/ask.ts'
import { whyNotOwn } from '../../../services/dock/receipts/own-file.ts'
import { listOf, openSpool } from './spool-deps.ts'

t.test('receipts of a list of 10,000 are asked for by pages, and only where one is missing', async (t) => {
  const pages: { from: number; limit: number }[] = []
  const { deps } = await openSpool(t, ({ path }) => {
    const query = new URL(path, 'http://bureau').searchParams
    const [from, limit] = [Number(query.get('from')), Number(query.get('limit'))]
    pages.push({ from, limit })
    const numbers = Array.from({ length: Math.min(limit, 10_000 - from) }, (_, at) => from + at)
    return { files: numbers.map((number) => ({ number, state: 'not_yet', reason: 'not_secured', receipt: null })) }
  })
  const said = { reading: 'done', sending: 'said', sha256: 'ab' } as const
  const list = listOf(
    'a',
    'DSJ1',
    Array.from({ length: 10_000 }, () => said),
  )
  list.serverId = 'theirs'
  await deps.book.add(list, '{}', [])
  await askReceipts(deps, list)
  t.same(
    pages,
    Array.from({ length: 20 }, (_, page) => ({ from: page * 500, limit: 500 })),
  )
  t.ok(list.files.every(({ receiptReason }) => receiptReason === 'not_secured'))

  pages.length = 0
  await deps.book.saveFiles(
    list,
    list.files
      .filter(({ number }) => number < 7700)
      .map((file) => ({ file, change: { receipt: 'witnessed' as const } })),
  )
  await askReceipts(deps, list)
  t.same(
    pages.map(({ from }) => from),
    [7700, 8200, 8700, 9200, 9700],
  )
})

t.test('a receipt must be as this station read and listed the file', async (t) => {
  const file = { sha256: 'ab', sm3: 'cd' }
  const list = listOf('a', 'DSJ1', [file, { sha256: 'ef', sm3: 'cd' }, file])
  list.serverId = 'theirs'
  const copies = ['primary', 'backup-a', 'backup-b'].map((store) => ({ store, verifiedAt: '2026-11-28T10:00:00.000Z' }))
  const why = (details: Parameters<typeof whyNotOwn>[0]) => whyNotOwn(details, list, list.files[0]!)
  const good = { sm3: 'cd', copies, handIn: { id: 'theirs', line: 0, listSha256: '' } }
  t.equal(why(good), null)
  t.equal(why({ ...good, handIn: { id: 'theirs', line: 2 } }), null, 'the same bytes twice on one list')
  t.equal(why({ ...good, handIn: { id: 'earlier', line: 7 } }), null, 'the same bytes handed in before')
  t.match(why({ ...good, handIn: { id: 'theirs', line: 1 } }), /another file/)
  t.match(why({ ...good, handIn: { id: 'theirs', line: 3 } }), /another file/)
  t.match(why({ ...good, sm3: 'ce' }), /SM3/)
  t.match(why({ ...good, copies: [...copies.slice(1), { store: 'primary', verifiedAt: null }] }), /not read back/)
})
