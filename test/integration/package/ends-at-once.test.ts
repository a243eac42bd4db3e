import t, { type Test } from 'tap'
import { endSilentAnswers } from '../../../services/custody/packages/download-end.ts'
import { startServiceProcess } from '../../support/service-process.ts'
import { type Bureau, openBureau, type Person } from '../access/bureau.ts'
import { rowFindings } from './making.ts'
import { addReadyPackage, startReading } from './slow-reader.ts'

t.setTimeout(480_000)

/** Everything about downloads, but not that nothing built these packages. */
async function downloadFindings({ world }: Bureau) {
  return (await rowFindings(world)).filter(({ subject }) => subject.startsWith('package_download'))
}

async function handOver(bureau: Bureau): Promise<Date> {
  const { people } = bureau
  const by = (who: Person) => bureau.signIn(who)
  const [outgoing, incoming, supervisor] = [
    await by(people.custodian),
    await by(people.custodian_waiting),
    await by(people.supervisor),
  ]
  const proposal = { toPersonId: people.custodian_waiting.id, reason: '岗位轮换', absent: false }
  const { body } = await outgoing.call('POST', '/custodian/handovers', proposal)
  const sign = `/custodian/handovers/${body.id}/signatures`
  for (const session of [outgoing, supervisor]) await session.call('POST', sign)
  const done = await incoming.call('POST', sign)
  if (!done.body.completed) throw new Error(JSON.stringify(done.body))
  return bureau.world.clock.now()
}

function startAccess(t: Test, { world, log }: Bureau) {
  const settings = { ACCESS_ORIGIN: 'http://access.test', LEDGER_ORIGIN: log.origin }
  return startServiceProcess(t, world, 'access', settings)
}

async function endsOf(bureau: Bureau, count: number) {
  return bureau.world.until(async () => {
    const ends = await bureau.eventsOf('package.download_ended')
    return ends.length >= count ? ends : null
  })
}

t.test('a download does not outlive the custodian’s term, with the real service', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const { id, bytes } = await addReadyPackage(bureau, '综执检〔2026〕901号')
  const access = await startAccess(t, bureau)
  const signedIn = await fetch(`${access.origin}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: people.custodian.account, password: people.custodian.password }),
  })
  const { token } = (await signedIn.json()) as { token: string }
  const path = `/packages/${id}/file`

  const idle = await startReading(access.origin, path, token)
  const reading = await startReading(access.origin, path, token)
  const handedOverAt = await handOver(bureau)
  const got = await reading.readOn()
  t.ok(got < bytes, `whoever reads on gets ${got} of ${bytes} bytes`)
  const ends = await endsOf(bureau, 2)
  for (const { actor, details, subjects } of ends) {
    t.equal(actor, people.custodian.id)
    t.match(details, { why: 'not_in_office', firstByte: 0, lastByte: bytes - 1 })
    t.ok(details.sentBytes < bytes / 2, `${details.sentBytes} bytes went out at most`)
    t.ok(subjects.includes(`package:${id}`))
  }
  t.ok(Math.max(...ends.map(({ details }) => details.sentBytes)) >= got, 'what arrived was counted as sent')
  const downloads = await world.db.selectFrom('package_download').selectAll().execute()
  for (const { ended_at } of downloads) {
    const seconds = (ended_at!.getTime() - handedOverAt.getTime()) / 1000
    t.ok(seconds <= 15, `cut ${seconds.toFixed(1)} s after the hand-over, also when nothing is read`)
  }
  t.ok((await idle.readOn()) < bytes, 'what lay in buffers is all that the idle reader gets')
  t.same(await downloadFindings(bureau), [])
})

t.test('each way in which the right to a download ends is noticed while it is read, and named', async (t) => {
  const bureau = await openBureau(t, { askAgainMs: 500 })
  const { world, people } = bureau
  const { id, bytes } = await addReadyPackage(bureau, '综执检〔2026〕902号')
  const path = `/packages/${id}/file`
  let ended = 0
  const cutBy = async (why: string, act: (token: string) => Promise<unknown>) => {
    const custodian = await bureau.signIn(people.custodian)
    const reader = await startReading(bureau.base, path, custodian.token)
    await act(custodian.token)
    const got = await reader.readOn()
    ended += 1
    const { details } = (await endsOf(bureau, ended)).at(-1)!
    t.match(details, { why, firstByte: 0, lastByte: bytes - 1 })
    t.equal(got >= bytes, false, `${why}: ${got} of ${bytes} bytes`)
    t.ok(details.sentBytes < bytes)
  }
  await cutBy('session_ended', (token) =>
    bureau.call('DELETE', '/session', undefined, { authorization: `Bearer ${token}` }),
  )
  await cutBy('session_ended', () => world.db.updateTable('session').set({ expires_at: new Date() }).execute())
  await cutBy('package_expired', () =>
    world.asSuperuser((db) =>
      db.updateTable('package').set({ expires_at: world.clock.now() }).where('id', '=', id).execute(),
    ),
  )
  await world.asSuperuser((db) =>
    db
      .updateTable('package')
      .set({ expires_at: new Date(world.clock.now().getTime() + 3_600_000) })
      .where('id', '=', id)
      .execute(),
  )
  await cutBy('account_shut', () =>
    world.db.updateTable('person').set({ disabled_at: new Date() }).where('id', '=', people.custodian.id).execute(),
  )
  t.same(await downloadFindings(bureau), [])
})

t.test('a whole download, one that its reader breaks off, and one whose service dies are told', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const { id, bytes } = await addReadyPackage(bureau, '综执检〔2026〕903号')
  const path = `/packages/${id}/file`
  const custodian = await bureau.signIn(people.custodian)
  t.equal((await custodian.call('GET', path)).bytes.length, bytes)
  t.match((await endsOf(bureau, 1)).at(-1)!.details, { why: 'complete', sentBytes: bytes, sentInAll: bytes })

  const leaving = await startReading(bureau.base, path, custodian.token)
  leaving.leave()
  const gone = (await endsOf(bureau, 2)).at(-1)!.details
  t.match(gone, { why: 'client_gone', firstByte: 0 })
  t.ok(gone.sentBytes >= 64 * 1024 && gone.sentBytes < bytes)
  t.ok(leaving.received <= gone.sentBytes)

  const access = await startAccess(t, bureau)
  const { token } = custodian
  const reader = await startReading(access.origin, path, token)
  await access.kill()
  await reader.readOn()
  t.equal(await endSilentAnswers(world.dbFor('worker'), world.clock), 0, 'it may still be going out')
  const longAgo = new Date(world.clock.now().getTime() - 3 * 60_000)
  await world.db.updateTable('download_answer').set({ seen_at: longAgo }).execute()
  t.equal(await endSilentAnswers(world.dbFor('worker'), world.clock), 1)
  const told = (await endsOf(bureau, 3)).at(-1)!
  t.match(told, { actor: 'expire', details: { why: 'service_stopped', lastByte: bytes - 1 } })
  t.ok(told.details.sentBytes >= reader.received, 'no more went out than it says')
  t.equal(await endSilentAnswers(world.dbFor('worker'), world.clock), 0)
  t.same(await downloadFindings(bureau), [])

  await world.asSuperuser((db) => db.updateTable('package_download').set({ sent_bytes: 1 }).execute())
  t.match(
    (await downloadFindings(bureau)).map(({ check }) => check),
    ['rows.row_differs'],
  )
})
