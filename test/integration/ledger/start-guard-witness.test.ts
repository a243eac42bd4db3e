import t from 'tap'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { memoriesOf } from '../../../services/ledger/guard/memories.ts'
import { openStartGuard } from '../../../services/ledger/guard/start-guard.ts'
import { makeWitness, startFalseWitness } from '../../support/witness.ts'
import { openLedger, someHead } from './guarded-ledger.ts'

t.test('a witness remembers: by what it serves, and by add-checkpoint', async (t) => {
  const ledger = await openLedger(t)
  const { log } = ledger
  const own = await makeWitness(t, log.verifierKeys)
  const { url } = await own.start()
  const direct = `${own.policyLines('w', url)}quorum w\n`
  // In front of it one that serves nothing for monitors: what the specification leaves open.
  const front = await startFalseWitness(t, async (body, response, request) => {
    if (request.method !== 'POST') return response.writeHead(404).end()
    const answer = await fetch(`${url}${request.url}`, { method: 'POST', body })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    return response.end(await answer.text())
  })
  const posting = `${own.policyLines('w', front.url)}quorum w\n`

  t.ok(await ledger.guard({ policy: direct }), 'before the first checkpoint nobody remembers')
  await ledger.grow(2)
  t.ok(await ledger.guard({ policy: posting }), 'a witness that knows nothing yet')
  const newest = await ledger.grow(2)
  t.ok(await ledger.guard({ policy: direct }), 'stands at 2, we at 4')
  t.ok(await ledger.guard({ policy: posting }))
  t.match(front.bodies.at(-1), /^old 2\n/, 'it was asked from the size that it named')

  await ledger.putBack(3)
  const root = Buffer.from(newest.split('\n')[2]!, 'base64').toString('hex')
  const name = 'the witness legal\\.test/witness'
  await t.rejects(ledger.guard({ policy: direct }), {
    code: 'log_forked',
    message: new RegExp(`${name} .*4 events with root ${root}.*\\(3 events\\).*restored database`),
  })
  await t.rejects(ledger.guard({ policy: posting }), {
    code: 'log_forked',
    message: new RegExp(`${name}.*4 events.*holds 3`),
  })
  await ledger.grow(2)
  for (const policy of [direct, posting]) {
    await t.rejects(ledger.guard({ policy }), { code: 'log_forked', message: new RegExp(name) }, 'larger, but another')
  }
})

t.test('a witness that answers nonsense or nothing is no fork', async (t) => {
  const ledger = await openLedger(t)
  await ledger.grow(1)
  const answers = [
    (path: string) => (path.endsWith('/checkpoint') ? [200, 'no note'] : [403, 'no']),
    () => [500, 'x'.repeat(2_000_000)],
    () => [409, 'not a size\n'],
    () => [200, ''],
  ] as const
  for (const answer of answers) {
    const { url } = await startFalseWitness(t, (_body, response, request) => {
      const [status, text] = answer(request.url ?? '')
      response.writeHead(status as number, { 'content-type': 'text/x.tlog.size' }).end(text)
    })
    const witness = await makeWitness(t, ledger.log.verifierKeys)
    const memories = memoriesOf(
      {
        db: ledger.world.db,
        stores: ledger.world.stores,
        clock: ledger.world.clock,
        log: ledger.world.log,
        keys: parseLogKeys(ledger.log.verifierKeys),
      },
      parsePolicy(`${witness.policyLines('w', url)}quorum w\n`),
    )
    const { db, log } = ledger.world
    const guard = openStartGuard({ db, head: someHead, memories, log, answerTimeoutMs: 60_000, askAgainMs: 60_000 })
    await guard.run(new AbortController().signal, async () => {
      t.same(guard.unanswered(), ['the witness legal.test/witness'])
    })
  }
})
