import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { listText, textDigest } from '../../../services/custody/events/signed-list.ts'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkSignedLists } from '../../../services/custody/fsck/signed-lists.ts'
import type { QuarantineReason } from '../../../services/foundation/db/words.ts'
import { signListed } from './accounts.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'

const act = 'quarantine.resolved'
type Item = { act: string; id: string; proposalId: string }

/** A recording in quarantine with the custodian's proposal to accept it. */
async function proposed(
  bureau: Bureau,
  custodian: Session,
  of: { deviceSerial?: string; quarantineReason?: QuarantineReason } = {},
): Promise<Item> {
  const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device', segments: 1, ...of })
  const proposal = { outcome: 'accept', reason: '设备补登记后核对一致' }
  const { body } = await custodian.call('POST', `/quarantine/${recordingId}/proposals`, proposal)
  return { act, id: recordingId, proposalId: body.id }
}

t.test('light acts are signed in a list: one statement, an event each, all or none', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const custodian = await bureau.signIn(people.custodian)
  const supervisor = await bureau.signIn(people.supervisor)
  const sign = (items: readonly Item[], confirmed = true) => signListed(supervisor, items, confirmed)
  const items = [
    await proposed(bureau, custodian, { deviceSerial: 'ZJ00001' }),
    await proposed(bureau, custodian, { deviceSerial: 'ZJ00001' }),
    await proposed(bureau, custodian, { deviceSerial: 'ZJ00002' }),
  ]
  const sameCard = await proposed(bureau, custodian, { deviceSerial: 'ZJ00001', quarantineReason: 'digest_differs' })
  const other = await proposed(bureau, custodian, { deviceSerial: 'ZJ00003', quarantineReason: 'retired_device' })

  t.test('what does not belong into one list is refused with a sentence, and nothing is decided', async (t) => {
    const many = Array.from({ length: 21 }, () => ({ act, id: randomUUID(), proposalId: randomUUID() }))
    const [first, second] = items as [Item, Item, Item]
    for (const [wrong, status, message] of [
      [[], 400, /tick at least one/],
      [many, 400, /21 are ticked, a list has at most 20: sign two lists/],
      [[first, first], 400, /item 2 .* is in the list already/],
      [[first, { ...second, act: 'person.released' }], 400, /acts of one kind/],
      [[{ ...first, act: 'package.signed' }], 400, /'package.signed' is signed singly/],
      [[first, other], 400, /of one card, or .* for one reason: sign two lists/],
      [[...items, sameCard], 400, /sign two lists/],
      [[first, { ...second, proposalId: randomUUID() }], 409, /item 2 .*another proposal.*nothing in this list/],
      [[first, { ...second, id: randomUUID() }], 404, /item 2 .*no recording.*nothing in this list/],
    ] as const) {
      const answer = await sign(wrong as Item[])
      t.match(answer, { status, body: { error: { message } } }, `${message}`)
    }
    t.match((await sign([first, { ...second, proposalId: randomUUID() }])).body.error.details, {
      place: 2,
      id: second.id,
    })
    t.equal((await signListed(custodian, items)).status, 403)
    t.same(await bureau.eventsOf(act), [])
  })

  t.test('the statement is about the digest of the list, which anybody can write again', async (t) => {
    const answer = await sign(items)
    t.equal(answer.status, 201)
    const { listId, sha256 } = answer.body
    t.same(
      answer.body.items,
      items.map(({ id }) => ({ id, outcome: 'accept', code: null })),
    )
    const events = await bureau.eventsOf(act)
    t.equal(events.length, 3)
    const bodies = await world.db.selectFrom('event').where('kind', '=', 'quarantine.proposed').selectAll().execute()
    const listed = items.map(({ id }) => ({
      object: `recording:${id}`,
      putUpSha256: textDigest(bodies.find(({ subjects }) => subjects.includes(`recording:${id}`))!.body),
      confirmed: true,
    }))
    t.equal(textDigest(listText({ id: listId, act, items: listed })), sha256)
    for (const [at, { id, proposalId }] of items.entries()) {
      const event = events.find(({ subjects }) => subjects.includes(`recording:${id}`))!
      t.match(event, {
        actor: people.supervisor.id,
        details: {
          proposalId,
          list: { id: listId, place: at + 1, of: 3, sha256 },
          statement: {
            v: 1,
            act,
            object: `list:${listId}`,
            objectSha256: sha256,
            person: people.supervisor.id,
            role: 'supervisor',
          },
        },
      })
    }
    t.match(await sign([items[0]!]), { status: 409, body: { error: { message: /item 1 .*not in quarantine/ } } })
  })

  t.test('one card’s recordings may be in quarantine for two reasons; a list may turn all of them down', async (t) => {
    const another = await proposed(bureau, custodian, { deviceSerial: 'ZJ00001' })
    t.match(await sign([sameCard, another], false), {
      status: 201,
      body: { items: [{ outcome: null }, { outcome: null }] },
    })
    t.match((await bureau.eventsOf(act)).at(-1)!.details, { confirmed: false, list: { place: 2, of: 2 } })
    const singly = `/quarantine/${other.id}/decision`
    t.equal((await supervisor.call('POST', singly, { confirmed: true })).status, 200)
    t.notOk('list' in (await bureau.eventsOf(act)).at(-1)!.details, 'by itself it is as it always was')
  })

  t.test('a list that was tampered with, or lost an act, is found', async (t) => {
    const found = async () => {
      const report = openReport()
      await checkSignedLists(world.db, null, report)
      return report.findings().map(({ check, problem }) => `${check}: ${problem}`)
    }
    t.same(await found(), [])
    const listed = `kind = '${act}' and position('"place":2,' in body) > 0`
    for (const [change, problem] of [
      [
        `update event set body = replace(body, '"confirmed":true', '"confirmed":false') where ${listed}`,
        /its digest is/,
      ],
      [
        `update event set body = replace(body, '"role":"supervisor"', '"role":"auditor"') where ${listed}`,
        /statement at/,
      ],
      [`delete from event where ${listed}`, /2 of its 3 acts are there/],
      [`delete from event where kind = 'quarantine.proposed'`, /no event put up/],
    ] as const) {
      await world.asSuperuser((db) =>
        db
          .transaction()
          .execute(async (trx) => {
            await sql`set local session_replication_role = replica`.execute(trx)
            await sql.raw(change).execute(trx)
            const report = openReport()
            await checkSignedLists(trx, null, report)
            const problems = report.findings().map((finding) => `${finding.check}: ${finding.problem}`)
            t.ok(
              problems.some((one) => one.startsWith('signatures.list_differs') && problem.test(one)),
              change,
            )
            throw new Error('undone')
          })
          .catch((error: Error) => t.equal(error.message, 'undone')),
      )
    }
  })

  t.test('two lists that share items at the same instant: one of them holds, whole', async (t) => {
    const again = [await proposed(bureau, custodian), await proposed(bureau, custodian)]
    const answers = await Promise.all([sign(again), sign([...again].reverse())])
    t.same(answers.map(({ status }) => status).sort(), [201, 409])
  })
})
