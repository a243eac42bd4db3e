import t, { type Test } from 'tap'
import type { Trx } from '../../../services/foundation/db/database.ts'
import { signInAs } from './accounts.ts'
import { type Answer, type Bureau, openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'
import { whileHeld } from './held.ts'

// An act that waits for somebody's viewing is of the time at which it got it: else its events would stand behind later ones.

async function openViewing(bureau: Bureau, custodian: Session): Promise<string> {
  const { recordingId } = await addFootage(bureau)
  const opened = await custodian.call('POST', `/recordings/${recordingId}/viewings`, { purpose: '核查执法过程' })
  return opened.body.viewingId
}

/** Does `act` while the viewing is held; returns its answer, and when the viewing was given free. */
async function whileViewingHeld(bureau: Bureau, viewingId: string, act: () => Promise<Answer>) {
  const hold = (trx: Trx) => trx.selectFrom('viewing').where('id', '=', viewingId).select('id').forUpdate().execute()
  const { answers, freedAt } = await whileHeld(bureau, hold, act)
  return { answer: answers[0]!, freedAt }
}

async function timesOf({ world }: Bureau, kinds: readonly string[]): Promise<Record<string, number>> {
  const rows = await world.db
    .selectFrom('event')
    .where('kind', 'in', kinds)
    .orderBy('at')
    .select(['kind', 'at'])
    .execute()
  return Object.fromEntries(rows.map(({ kind, at }) => [kind, at.getTime()]))
}

/** Of one machine, but written down to the millisecond. */
function isNotBefore(
  t: Test,
  times: Readonly<Record<string, number>>,
  kinds: readonly string[],
  freedAt: number,
): void {
  for (const kind of kinds) t.ok(times[kind]! >= freedAt - 1, `${kind}: ${times[kind]! - freedAt} ms after`)
}

t.test('the events of a hand-over are dated after the viewings that end with it, and by who signed last', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const insiders = await signInAs(bureau, 'custodian', 'custodian_waiting', 'supervisor')
  const viewingId = await openViewing(bureau, insiders.custodian)
  const proposal = { toPersonId: people.custodian_waiting.id, reason: '岗位轮换', absent: false }
  const { body } = await insiders.custodian.call('POST', '/custodian/handovers', proposal)
  const path = `/custodian/handovers/${body.id}/signatures`
  for (const session of [insiders.custodian, insiders.custodian_waiting]) await session.call('POST', path)
  const { answer, freedAt } = await whileViewingHeld(bureau, viewingId, () => insiders.supervisor.call('POST', path))
  t.match(answer, { status: 201, body: { completed: true } })
  const kinds = ['custodian.handover_signed', 'viewing.ended', 'custodian.handed_over']
  isNotBefore(t, await timesOf(bureau, kinds), kinds, freedAt)
  t.match(await bureau.eventsOf('viewing.ended'), [
    { actor: people.supervisor.id, actorRole: 'supervisor', details: { endKind: 'lost' } },
  ])
})

t.test('the end of a session is dated after the viewings that end with it, and so is the session', async (t) => {
  const bureau = await openBureau(t)
  const { custodian } = await signInAs(bureau, 'custodian')
  const viewingId = await openViewing(bureau, custodian)
  const { answer, freedAt } = await whileViewingHeld(bureau, viewingId, () => custodian.call('DELETE', '/session'))
  t.equal(answer.status, 204)
  const kinds = ['session.ended', 'viewing.ended']
  const times = await timesOf(bureau, kinds)
  isNotBefore(t, times, kinds, freedAt)
  const session = await bureau.world.db.selectFrom('session').select('ended_at').executeTakeFirstOrThrow()
  t.equal(session.ended_at?.getTime(), times['session.ended'])
})
