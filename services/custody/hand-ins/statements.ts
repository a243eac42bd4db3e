import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { StatementKind } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { handInSubjects } from '../devices/hand-in-subjects.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { lockHandIn, requireHandIn } from './concerned.ts'
import { type SaidBy, speakerOf } from './said-by.ts'

interface Statement {
  readonly kind: StatementKind
  /** Lines of the list; empty for all. */
  readonly lineNumbers: readonly number[]
  readonly words: string | null
}

/**
 * Keeps the word of whoever hands in about files of the list: 与执法无关, 待编号事项. It decides nothing. The same message again
 * is kept once.
 *
 * @throws not_found when the hand-in is not this dock's; bad_request for a number that its list does not have; conflict for a
 *   message that was told otherwise
 */
export async function keepStatement(
  db: Db,
  clock: Clock,
  dock: Actor,
  said: Statement & { handInId: string; messageId: string; by: SaidBy; saidAt: string },
): Promise<void> {
  const handIn = await requireHandIn(db, said.handInId, dock.id)
  const { kind, words, messageId, saidAt } = said
  const lineNumbers = [...new Set(said.lineNumbers)].sort((a, b) => a - b)
  await requireLines(db, handIn.id, lineNumbers)
  await db.transaction().execute(async (trx) => {
    await lockHandIn(trx, handIn.id)
    if (await wasTold(trx, { handInId: handIn.id, messageId }, { kind, lineNumbers, words })) return
    const spoken = { dockId: dock.id, handIn, at: clock.now() }
    const { personId, grade, identified } = await speakerOf(trx, said.by, spoken)
    const id = newId(clock.now())
    const { at } = await recordEvent(trx, 'hand_in.said', {
      clock,
      by: dock,
      subjects: [
        ...(await handInSubjects(trx, handIn.id)),
        { type: 'device', id: handIn.serial },
        { type: 'dock', id: dock.id },
        ...(personId === null ? [] : [{ type: 'person', id: personId }]),
      ],
      details: {
        ...{ statementId: id, dockMessageId: messageId, statement: kind, lineNumbers, words },
        ...{ grade, identified, saidAt },
      },
    })
    await trx
      .insertInto('hand_in_statement')
      .values({
        ...{ id, hand_in_id: handIn.id, dock_message_id: messageId, kind, line_numbers: lineNumbers, words },
        ...{ person_id: personId, grade, identified, said_at: saidAt, kept_at: at },
      })
      .execute()
  })
}

async function requireLines(db: Db, handInId: string, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return
  const { count } = await db
    .selectFrom('hand_in_file')
    .where('hand_in_id', '=', handInId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const strange = numbers.find((number) => number >= count)
  if (strange === undefined) return
  const problem = `numbers: the list has no line ${strange}: it has ${count}, from 0`
  throw new Fault('bad_request', problem, { details: { field: 'numbers' } })
}

/** @throws conflict when a message of this id was told before, but another */
async function wasTold(
  trx: Trx,
  told: { handInId: string; messageId: string },
  statement: Statement,
): Promise<boolean> {
  const known = await trx
    .selectFrom('hand_in_statement')
    .where('hand_in_id', '=', told.handInId)
    .where('dock_message_id', '=', told.messageId)
    .select(['kind', 'line_numbers', 'words'])
    .executeTakeFirst()
  if (!known) return false
  const isSame =
    known.kind === statement.kind &&
    known.words === statement.words &&
    known.line_numbers.join() === statement.lineNumbers.join()
  if (isSame) return true
  throw new Fault('conflict', `id: ${told.messageId} was told before with another statement`, {
    details: { field: 'id' },
  })
}
