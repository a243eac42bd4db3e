import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type RunningAuthority, startTimestampAuthority } from '../../../deploy/local/timestamp-authority.ts'
import { orderTimestamp } from '../../../services/custody/anchoring/timestamp-order.ts'
import type { TimestampAuthority } from '../../../services/ledger/authority/authorities.ts'
import { timestampsUpTo } from '../../../services/ledger/authority/timestamps.ts'
import { runTimestamp, type TimestampPace } from '../../../workers/timestamp.ts'
import { type Bureau, openBureau } from '../access/bureau.ts'

const hourMs = 60 * 60_000
const quick: TimestampPace = {
  unnoticedMs: 20,
  answerMsMax: 5_000,
  firstRetryMs: 1_000,
  retryMsMax: hourMs,
  alarmMs: 24 * hourMs,
}

type Answer = (query: Buffer, honest: () => Promise<Buffer>, response: ServerResponse) => Promise<Buffer | null>

async function authorityOf(t: Test, answer?: Answer): Promise<RunningAuthority> {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const authority = await startTimestampAuthority({ folder, ...(answer ? { answer } : {}) })
  t.teardown(() => authority.stop())
  return authority
}

const named = (name: string, { url, rootPem }: RunningAuthority): TimestampAuthority => ({
  name,
  url,
  rootsPem: [rootPem],
})

/** Runs the loop until the returned function is called, or the test ends. */
function startLoop(t: Test, { world }: Bureau, authorities: readonly TimestampAuthority[], pace = quick) {
  const stopper = new AbortController()
  const { clock, log, notices } = world
  const deps = { db: world.dbFor('worker'), notices, clock, log, authorities, everyMs: 24 * hourMs, pace }
  const ended = runTimestamp(deps, stopper.signal)
  const stop = async () => {
    stopper.abort()
    await ended
  }
  t.teardown(stop)
  return stop
}

const tokensOf = ({ world }: Bureau) =>
  world.db.selectFrom('timestamp_token').selectAll().orderBy('authority').execute()
const attemptsOf = ({ world }: Bureau) =>
  world.db.selectFrom('timestamp_attempt').selectAll().orderBy('authority').execute()

t.test('daily and on demand each authority stamps the checkpoint, and openssl agrees', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const [one, two] = [await authorityOf(t), await authorityOf(t)]
  await bureau.signIn(people.auditor)
  await world.until(() => world.db.selectFrom('checkpoint').select('size').executeTakeFirst())
  // Two at once, as in an overlap of leases.
  const authorities = [named('one', one), named('two', two)]
  const stops = [startLoop(t, bureau, authorities), startLoop(t, bureau, authorities)]
  await world.until(async () => (await tokensOf(bureau)).length === 2)
  t.equal((await bureau.eventsOf('timestamp.requested')).length, 1, 'one regular order by two loops')

  const auditor = await bureau.signIn(people.auditor)
  const ordered = await auditor.call('POST', '/ledger/timestamps')
  t.equal(ordered.status, 202)
  const { orderId, size } = ordered.body as { orderId: string; size: number }
  await world.until(async () => (await tokensOf(bureau)).filter((token) => token.size === size).length === 2)
  t.match((await bureau.eventsOf('timestamp.requested')).at(-1), {
    actor: people.auditor.id,
    subjects: [`timestamp_order:${orderId}`, `person:${people.auditor.id}`],
    details: { size, reason: 'demand' },
  })
  await Promise.all(stops.map((stop) => stop()))

  const listed = await bureau.call('GET', '/ledger/timestamps')
  t.match(listed.body.timestamps.slice(0, 2), [
    { size, authority: 'one' },
    { size, authority: 'two' },
  ])
  const note = (await bureau.call('GET', `/ledger/timestamps/${size}`)).bytes
  const token = await bureau.call('GET', `/ledger/timestamps/${size}/two`)
  t.match(token.headers.get('content-type'), 'application/timestamp-reply')
  t.ok(opensslAccepts(t, two, token.bytes, note))
  t.notOk(opensslAccepts(t, one, token.bytes, note), 'another authority’s root')
  t.notOk(opensslAccepts(t, two, token.bytes, flipped(note, 40)))
  t.notOk(opensslAccepts(t, two, flipped(token.bytes, token.bytes.length - 5), note))
  t.equal((await bureau.call('GET', `/ledger/timestamps/${size}/three`)).status, 404)
  t.equal((await bureau.call('GET', '/ledger/timestamps/999999')).status, 404)
  t.match(await timestampsUpTo(world.db, size), [
    { size, authority: 'one', note: note.toString() },
    { size, authority: 'two', response: token.bytes },
  ])
  t.same(await timestampsUpTo(world.db, 0), [])

  const orders = await auditor.call('GET', '/ledger/timestamps/orders')
  t.match(orders.body.orders, [
    { id: orderId, reason: 'demand', authorities: [{ name: 'one' }, { name: 'two' }] },
    { reason: 'daily' },
  ])
  await t.rejects(
    world.asSuperuser((db) => db.deleteFrom('timestamp_token').execute()),
    'what was stamped stays',
  )
})

t.test('only what verifies is stored; an authority that lies, stalls or fails is asked again later', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world, people } = bureau
  await bureau.signIn(people.auditor)
  await world.until(() => world.db.selectFrom('checkpoint').select('size').executeTakeFirst())
  let isMended = false
  let forwarded = 0
  const other = await authorityOf(t)
  const lies: Record<string, Answer> = {
    garbage: async () => randomBytes(900),
    huge: async () => Buffer.alloc(100_000, 0x30),
    'http-error': async (_query, _honest, response) => {
      response.writeHead(500).end('out of order')
      return null
    },
    'other-root': async (query) => {
      const answer = await fetch(other.url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query' },
        body: new Uint8Array(query),
      })
      return Buffer.from(await answer.arrayBuffer())
    },
    refusal: async () => Buffer.from('30053003020102', 'hex'),
    slow: async (_query, honest) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000).unref())
      return honest()
    },
    'wrong-imprint': async (query, honest) => flippedAt(await honest(), query.subarray(24, 56)),
    'yesterdays-answer': async (_query, honest) => {
      remembered ??= honest()
      return remembered
    },
  }
  let remembered: Promise<Buffer> | undefined
  const authorities: TimestampAuthority[] = []
  for (const [name, lie] of Object.entries(lies)) {
    const answer: Answer = (query, honest, response) => {
      forwarded += 1
      return isMended ? honest() : lie(query, honest, response)
    }
    authorities.push(named(name, await authorityOf(t, answer)))
  }
  const away = await authorityOf(t)
  authorities.push(named('unreachable', away))
  await away.stop()
  const before = world.clock.now()
  const stop = startLoop(t, bureau, authorities, { ...quick, answerMsMax: 1_500 })
  // The first answer of whoever repeats is right: the second request, with another nonce, gets it again.
  const tried = await world.until(
    async () => {
      const rows = await attemptsOf(bureau)
      return rows.length === authorities.length && rows.every(({ attempts }) => attempts > 0) ? rows : null
    },
    { timeoutMs: 30_000 },
  )
  t.equal(tried.length, 9)
  const repeating = (await tokensOf(bureau)).map(({ authority }) => authority)
  t.same(repeating, ['yesterdays-answer'])
  await world.until(async () => {
    const { size } = await world.db
      .selectFrom('checkpoint')
      .select('size')
      .orderBy('size', 'desc')
      .executeTakeFirstOrThrow()
    return size > (await tokensOf(bureau))[0]!.size
  })
  await world.db.transaction().execute((trx) => orderTimestamp(trx, world.clock, { reason: 'package', actor: null }))
  const failed = await world.until(
    async () => {
      const rows = await attemptsOf(bureau)
      const [first, second] = rows.filter(({ authority }) => authority === 'yesterdays-answer')
      return first && second && [first, second].some(({ last_error }) => last_error) ? rows : null
    },
    { timeoutMs: 30_000 },
  )
  t.same((await tokensOf(bureau)).length, 1, 'nothing else was stored')
  const errorOf = (name: string) => failed.find((row) => row.authority === name && row.last_error)?.last_error
  t.match(errorOf('garbage'), /not DER|not one DER value|is cut|instead of/)
  t.match(errorOf('huge'), /more than 65536 bytes/)
  t.match(errorOf('http-error'), /HTTP status 500/)
  t.match(errorOf('other-root'), /no chain of certificates/)
  t.match(errorOf('refusal'), /did not grant/)
  t.match(errorOf('slow'), /did not answer within/)
  t.match(errorOf('unreachable'), /cannot be reached/)
  t.match(errorOf('wrong-imprint'), /of other bytes/)
  t.match(errorOf('yesterdays-answer'), /of other bytes|nonce/)
  const garbage = failed.find(({ authority }) => authority === 'garbage')!
  t.ok(garbage.run_after > before, 'put off')

  isMended = true
  const asked = forwarded
  world.clock.advance(2 * hourMs)
  await world.until(
    async () => (await attemptsOf(bureau)).every((row) => row.done_at || row.authority === 'unreachable'),
    {
      timeoutMs: 30_000,
    },
  )
  await stop()
  t.ok(forwarded > asked)
  const sizes = new Set((await tokensOf(bureau)).map(({ size }) => size)).size
  t.equal((await tokensOf(bureau)).length, sizes * (authorities.length - 1))
})

t.test('a day without any success is an alarm, said once a day, and orders wait', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world, people } = bureau
  await bureau.signIn(people.auditor)
  await world.until(() => world.db.selectFrom('checkpoint').select('size').executeTakeFirst())
  const authority = await authorityOf(t)
  await authority.stop()
  let stop = startLoop(t, bureau, [named('away', authority)])
  const attemptsReach = (count: number) =>
    world.until(async () => (await attemptsOf(bureau)).some(({ attempts }) => attempts >= count))
  await attemptsReach(1)
  world.clock.advance(23 * hourMs)
  await attemptsReach(2)
  t.same(await bureau.eventsOf('alarm.raised'), [])
  world.clock.advance(2 * hourMs)
  const [alarm] = await world.until(async () => {
    const alarms = await bureau.eventsOf('alarm.raised')
    return alarms.length > 0 ? alarms : null
  })
  t.match(alarm!.details, { alarm: 'timestamp_missing', authorities: ['away'], lastError: /cannot be reached/ })
  world.clock.advance(2 * hourMs)
  await attemptsReach(4)
  t.equal((await bureau.eventsOf('alarm.raised')).length, 1, 'not again within the day')
  world.clock.advance(24 * hourMs)
  await world.until(async () => (await bureau.eventsOf('alarm.raised')).length === 2)
  await stop()

  const back = await authorityOf(t)
  stop = startLoop(t, bureau, [named('away', back)])
  world.clock.advance(hourMs)
  await world.until(async () => (await attemptsOf(bureau)).every(({ done_at }) => done_at !== null))
  await stop()
  const ordered = await world.db.selectFrom('timestamp_order').select('size').distinct().orderBy('size').execute()
  const stamped = (await tokensOf(bureau)).map(({ size }) => size).sort((one, other) => one - other)
  t.same(
    stamped,
    ordered.map(({ size }) => size),
    'every order that waited is done',
  )
})

function opensslAccepts(t: Test, authority: RunningAuthority, token: Buffer, data: Buffer): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, bytes] of Object.entries({ token, data, 'root.pem': authority.rootPem })) {
    writeFileSync(join(folder, name), bytes)
  }
  try {
    const args = ['ts', '-verify', '-in', 'token', '-data', 'data', '-CAfile', 'root.pem']
    return execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] }).includes('OK')
  } catch {
    return false
  }
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at]! ^= 1
  return changed
}

/** With the first byte of `part` changed wherever it stands. */
function flippedAt(bytes: Buffer, part: Buffer): Buffer {
  const at = bytes.indexOf(part)
  return at < 0 ? bytes : flipped(bytes, at)
}
