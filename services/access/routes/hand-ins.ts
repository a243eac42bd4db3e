import { Type } from 'typebox'
import { listedFileStates } from '../../custody/devices/listed-file.ts'
import { type OriginKind, originNames } from '../../custody/events/words.ts'
import { askCorrection, decideCorrection } from '../../custody/hand-ins/corrections.ts'
import { filesOfHandIn, type HandInDetail, handInDetail } from '../../custody/hand-ins/hand-in-detail.ts'
import { handInStates, listHandIns } from '../../custody/hand-ins/hand-in-list.ts'
import { lastReceiptOf } from '../../custody/hand-ins/last-receipt.ts'
import { receiptStates } from '../../custody/receipts/receipt-state.ts'
import { may, rolesThatMay } from '../../custody/roles/permissions.ts'
import { refuseAnothers } from '../../custody/roles/refusal.ts'
import { clearingBasisWords, clearingOutcomes, userGrades } from '../../foundation/db/words.ts'
import { isFault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, type Caller, callerOf } from '../deps.ts'
import { handInPage } from '../receipt/hand-in-page.ts'
import {
  Beginning,
  beginningOf,
  Correction,
  End,
  endOf,
  Id,
  InBothLanguages,
  Limit,
  NoContent,
  Null,
  SaidOfFiles,
  Someone,
  TextAnswer,
  Time,
  Words,
} from '../schemas.ts'
import { Gap } from './gaps.ts'
import { HandInFiles } from './hand-in-counts.ts'

const params = Type.Object({ handInId: Id })
const Count = Type.Integer()
/** As many files as one answer has. */
const filesMax = 500

const HandIn = Type.Object({
  id: Id,
  dock: Someone,
  deviceSerial: Type.String({ description: 'as the dock signed it' }),
  isSelfTest: Type.Boolean({
    description: 'a station’s test of itself: nobody’s hand-in, and never listed as incomplete',
  }),
  openedAt: Time,
  openedAtByDock: Type.String(),
  clockOffsetMs: Null(Type.Integer({ description: 'device clock minus true time' })),
  user: Null(
    Type.Object(
      { ...Someone.properties },
      { description: 'user of the shift (当班使用人), a confirmed correction counted' },
    ),
  ),
  userGrade: Type.Enum([...userGrades]),
  userGradeWords: InBothLanguages,
  isUserCorrected: Type.Boolean(),
  isUserDisputed: Type.Boolean({ description: 'the dock’s list names another user than who counted when it came' }),
  files: HandInFiles,
  state: Type.Enum([...handInStates]),
  gaps: Type.Object({ open: Count, explained: Count, accepted: Count }),
  statements: Count,
})

const ListedFile = Type.Object({
  number: Type.Integer({ description: 'place in the list, from 0' }),
  name: Type.Object({ base64: Type.String({ description: 'the raw bytes of the name' }), text: Type.String() }),
  bytes: Type.Integer(),
  mark: Type.Boolean(),
  deviceTime: Null(Type.String({ description: 'as the list says it' })),
  sha256: Null(Type.String({ description: 'of the sealed bytes; before that what the list says' })),
  state: Type.Enum([...listedFileStates]),
  uploadId: Null(Id),
  recordingId: Null(Id),
  recordingState: Null(Type.String()),
  quarantineReason: Null(Type.String()),
  receipt: Type.Object({
    state: Type.Enum([...receiptStates]),
    reason: Null(Type.String({ description: 'not_yet: what is missing, as a word' })),
    message: Null(Type.String()),
    index: Null(Type.Integer({ description: 'place in the ledger' })),
  }),
})

const Clearing = Type.Object({
  id: Id,
  announcedAt: Time,
  endedAt: Null(Time),
  givenUpAt: Null(Time),
  fullPercent: Null(Type.Integer({ description: 'how full the dock said the device was' })),
  files: Type.Array(
    Type.Object({
      number: Count,
      recordingId: Id,
      basis: Type.Enum([...clearingBasisWords]),
      outcome: Null(
        Type.Enum([...clearingOutcomes], {
          description:
            'what became of the file on the device; null while it is open; `outcome_unknown` when two people gave the clearing up',
        }),
      ),
    }),
  ),
})

/** What was handed in, by hand-in. Officers see their own: those of which they count as user of the shift, or as keeper. */
export function handInRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock, settings } = deps
  const config = { access: rolesThatMay('hand_in.read_own', 'hand_in.read_all'), event: null }
  const hasWitnesses = settings.ledger.policy?.needsWitnesses ?? false
  server.get(
    '/hand-ins',
    {
      config,
      schema: {
        summary: 'Hand-ins, the last opened first; an officer’s own only',
        querystring: Type.Object({
          dockId: Type.Optional(Id),
          deviceSerial: Type.Optional(Words(64)),
          personId: Type.Optional(Id),
          state: Type.Optional(Type.Enum([...handInStates])),
          from: Type.Optional(Beginning),
          to: Type.Optional(End),
          cursor: Type.Optional(Type.String({ maxLength: 200 })),
          limit: Limit,
        }),
        response: { 200: Type.Object({ handIns: Type.Array(HandIn), next: Null(Type.String()) }) },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const { from, to, personId, limit = 50, ...filter } = request.query
      const whose = may(caller.role, 'hand_in.read_all') ? personId : caller.id
      return listHandIns(db, {
        ...filter,
        limit,
        ...(whose !== undefined && { personId: whose }),
        ...(from !== undefined && { from: beginningOf('from', from) }),
        ...(to !== undefined && { to: endOf('to', to) }),
      })
    },
  )

  server.get(
    '/hand-ins/:handInId',
    {
      config,
      schema: {
        summary: 'A hand-in with its files, how each stands, gaps and what was said',
        params,
        querystring: Type.Object({
          fromNumber: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, default: 0 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: filesMax, default: filesMax })),
        }),
        response: {
          200: Type.Object({
            ...HandIn.properties,
            origin: Null(
              Type.Object({
                kind: Type.Enum(Object.keys(originNames) as OriginKind[]),
                words: InBothLanguages,
                from: Null(Type.String()),
              }),
            ),
            gapsFound: Type.Array(Gap),
            statementsSaid: Type.Array(SaidOfFiles),
            corrections: Type.Array(Correction),
            clearings: Type.Array(Clearing),
            listed: Type.Array(ListedFile),
            nextNumber: Null(Type.Integer({ description: 'of the next file, for `fromNumber`' })),
          }),
        },
      },
    },
    async (request) => {
      const { handInId } = request.params
      const { fromNumber: from = 0, limit = filesMax } = request.query
      const detail = await requireOwn(deps, callerOf(request), handInId)
      const { files, next } = await filesOfHandIn(db, handInId, { from, limit, hasWitnesses })
      return { ...detail, listed: files, nextNumber: next }
    },
  )

  server.get(
    '/hand-ins/:handInId/receipt.html',
    {
      config,
      schema: {
        summary: 'The slip of a whole hand-in: A4 with every file, or a roll of 80 mm with the sums',
        params,
        querystring: Type.Object({ form: Type.Optional(Type.Enum(['a4', 'roll'])) }),
        response: { 200: TextAnswer('text/html', 'the page, in Chinese, with a QR code') },
      },
    },
    async (request, reply) => {
      const { handInId } = request.params
      const { form = 'a4' } = request.query
      const handIn = await requireOwn(deps, callerOf(request), handInId)
      // A list has at most 10,000 files; the roll needs them for its sums.
      const { files } = await filesOfHandIn(db, handInId, { from: 0, limit: 10_000, hasWitnesses })
      const lastReceipt = await lastReceiptOf(db, files)
      const page = handInPage(
        { handIn, files, lastReceipt },
        { form, printedAt: clock.now(), address: settings.origin },
      )
      return reply.type('text/html; charset=utf-8').send(page)
    },
  )
  correctionRoutes(server, deps)
}

function correctionRoutes(server: Server, { db, clock }: AccessDeps): void {
  server.post(
    '/hand-ins/:handInId/corrections',
    {
      config: { access: rolesThatMay('hand_in.ask_correction'), event: 'hand_in.correction_asked' },
      schema: {
        summary: 'Ask that the device or the user of a hand-in be corrected; what the dock signed stays beside it',
        params,
        body: Type.Object({
          deviceSerial: Type.Optional(Null(Words(64))),
          userId: Type.Optional(Null(Id)),
          reason: Words(400, 2),
        }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => {
      const { handInId } = request.params
      const { deviceSerial = null, userId = null, reason } = request.body
      const asked = { handInId, deviceSerial, userId, reason }
      return reply.code(201).send(await askCorrection(db, clock, callerOf(request), asked))
    },
  )

  server.post(
    '/hand-ins/:handInId/corrections/:correctionId/decision',
    {
      config: { access: rolesThatMay('hand_in.decide_correction'), event: 'hand_in.corrected' },
      schema: {
        summary: 'Confirm or refuse a correction: a supervisor, or the person whom it concerns',
        params: Type.Object({ handInId: Id, correctionId: Id }),
        body: Type.Object({ confirm: Type.Boolean() }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const { confirm } = request.body
      await decideCorrection(db, clock, callerOf(request), { ...request.params, confirm })
      return reply.code(204).send(null)
    },
  )
}

/** The hand-in, if the caller may know of it. @throws not_found otherwise, with the refusal's event. */
async function requireOwn({ db, clock }: AccessDeps, caller: Caller, id: string): Promise<HandInDetail> {
  const handIn = await handInDetail(db, id, clock.now()).catch((error: unknown) => {
    if (isFault(error, 'not_found')) return null
    throw error
  })
  if (handIn && (may(caller.role, 'hand_in.read_all') || handIn.user?.id === caller.id)) return handIn
  const subject = handIn ? { type: 'hand_in', id } : null
  return refuseAnothers(db, clock, { actor: caller, what: 'hand_in', id, subject })
}
