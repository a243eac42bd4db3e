import { accountSubjects } from '../../../services/custody/events/account.ts'
import { recordEvent } from '../../../services/custody/events/record.ts'
import { statementOf } from '../../../services/custody/events/statement.ts'
import type { Trx } from '../../../services/foundation/db/database.ts'
import { newId } from '../../../services/foundation/id.ts'
import type { TamperedWorld } from './tampered-world.ts'

interface WrongAct {
  readonly change: (trx: Trx, tampered: TamperedWorld) => Promise<unknown>
  /** What is found of the last event, among others. */
  readonly finding: string
}

/** Events in their right form that no service would have written. */
export const wrongActs: Record<string, WrongAct> = {
  'an account is made a second time, under another name': {
    change: (trx, { world, populated: { people } }) =>
      recordEvent(trx, 'person.created', {
        ...{ clock: world.clock, by: { id: people.administrator, role: 'administrator' } },
        subjects: accountSubjects(people.officer),
        details: { role: 'officer', account: 'officer', awaitsRelease: false, name: '冒名者' },
      }),
    finding: 'events.repeated',
  },
  'a package is signed by whoever had asked for it': {
    change: async (trx, { world, populated: { people, caseNumber } }) => {
      const by = { id: people.supervisor, role: 'supervisor' }
      const id = newId(world.clock.now())
      const act = {
        ...{ clock: world.clock, by },
        subjects: [
          { type: 'package', id },
          { type: 'case', id: caseNumber },
          { type: 'person', id: people.supervisor },
        ],
      }
      const asked = await recordEvent(trx, 'package.requested', {
        ...act,
        details: { withFootage: false, purpose: '核对', recipient: null, recipientKey: null },
      })
      const putUp = await trx.selectFrom('event').where('id', '=', asked.id).select('body').executeTakeFirstOrThrow()
      const signed = { act: 'package.signed', object: `package:${id}`, putUp: putUp.body, askedAt: asked.at }
      await recordEvent(trx, 'package.signed', {
        ...act,
        details: { reason: '同意', requestedBy: by.id, withFootage: false, statement: statementOf(by, signed) },
      })
    },
    finding: 'signatures.statement_differs',
  },
}
