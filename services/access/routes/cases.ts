import { Type } from 'typebox'
import { type CaseRow, caseNumber, caseRecordings, findCase, listCases, openCase } from '../../custody/cases/case.ts'
import { createParty, listParties, partiesNamed, partyById } from '../../custody/cases/party.ts'
import { fewerOfficersNotice } from '../../custody/events/few-officers.ts'
import { may, rolesThatMay } from '../../custody/roles/permissions.ts'
import { refuseAnothers } from '../../custody/roles/refusal.ts'
import { caseKinds, partyKinds, stages } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, type Caller, callerOf } from '../deps.ts'
import { CaseSummary, filedPeople, Id, Limit, Null, namedPeople, StageWord, Time, Words } from '../schemas.ts'

const PartyKindWord = Type.Enum([...partyKinds])
const Party = Type.Object({
  id: Id,
  kind: PartyKindWord,
  name: Type.String(),
  code: Null(Type.String()),
  address: Null(Type.String()),
  createdAt: Time,
})
const page = { limit: Limit, after: Type.Optional(Id), search: Type.Optional(Words(100)) }
const next = Null(Id)

/** Parties (一户式档案) and the cases inside them. Officers see the cases they are named in. */
export function partyRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  const read = rolesThatMay('party.read_own', 'party.read_all')
  server.get(
    '/parties',
    {
      config: { access: read, event: null },
      schema: {
        summary: 'Parties, the newest first; of an officer’s own cases only',
        querystring: Type.Object(page),
        response: { 200: Type.Object({ parties: Type.Array(Party), next }) },
      },
    },
    async (request) => {
      const { limit = 50, ...rest } = request.query
      const found = await listParties(db, { ...rest, ...ownPartiesOnly(callerOf(request)), limit })
      return { parties: found.parties.map(partyBody), next: found.next }
    },
  )

  server.post(
    '/parties',
    {
      config: { access: rolesThatMay('party.create'), event: 'party.created' },
      schema: {
        summary: 'Make a party',
        body: Type.Object({
          kind: PartyKindWord,
          name: Words(200),
          code: Type.Optional(Null(Words(64))),
          address: Type.Optional(Null(Words(300))),
        }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => reply.code(201).send(await createParty(db, clock, callerOf(request), request.body)),
  )

  server.get(
    '/parties/named',
    {
      config: { access: rolesThatMay('party.find'), event: null },
      schema: {
        summary: 'Parties of exactly this name or code, to open a case for one that is there already',
        querystring: Type.Object({ name: Words(200) }),
        response: { 200: Type.Object({ parties: Type.Array(Type.Pick(Party, ['id', 'kind', 'name'])) }) },
      },
    },
    async (request) => ({ parties: await partiesNamed(db, request.query.name) }),
  )

  server.get(
    '/parties/:partyId',
    {
      config: { access: read, event: null },
      schema: {
        summary: 'A party and its cases',
        params: Type.Object({ partyId: Id }),
        response: { 200: Type.Object({ ...Party.properties, cases: Type.Array(CaseSummary) }) },
      },
    },
    async (request) => {
      const { partyId } = request.params
      const caller = callerOf(request)
      const party = await requireParty(deps, caller, partyId)
      const { cases } = await listCases(db, { partyId, ...ownOnly(caller), limit: 200 })
      return { ...partyBody(party), cases: cases.map(caseBody) }
    },
  )
}

/** Cases of the four kinds, by id or by number. */
export function caseRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  const read = rolesThatMay('case.read_own', 'case.read_all')
  server.get(
    '/cases',
    {
      config: { access: read, event: null },
      schema: {
        summary: 'Cases, the newest first; an officer’s own only',
        querystring: Type.Object({ ...page, partyId: Type.Optional(Id) }),
        response: { 200: Type.Object({ cases: Type.Array(CaseSummary), next }) },
      },
    },
    async (request) => {
      const { limit = 50, ...rest } = request.query
      const found = await listCases(db, { ...rest, ...ownOnly(callerOf(request)), limit })
      return { cases: found.cases.map(caseBody), next: found.next }
    },
  )

  server.post(
    '/cases',
    {
      config: { access: rolesThatMay('case.open'), event: 'case.opened' },
      schema: {
        summary: 'Open a case inside a party',
        body: Type.Object({
          number: Words(100),
          kind: Type.Enum([...caseKinds]),
          title: Words(200),
          partyId: Id,
          departments: Type.Array(Words(100), { minItems: 1, maxItems: 20 }),
          ...namedPeople,
          outsideNumber: Type.Optional(Null(Words(100))),
        }),
        response: { 201: Type.Object({ id: Id, number: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { id } = await openCase(db, clock, callerOf(request), request.body)
      return reply.code(201).send({ id, number: caseNumber(request.body.number) })
    },
  )

  server.get(
    '/cases/:caseId',
    {
      config: { access: read, event: null },
      schema: {
        summary: 'A case by id or number: its recordings and which of the six stages they cover',
        params: Type.Object({ caseId: Words(100) }),
        response: {
          200: Type.Object({
            ...CaseSummary.properties,
            stages: Type.Array(Type.Object({ stage: StageWord, recordings: Type.Integer(), covered: Type.Boolean() })),
            recordings: Type.Array(
              Type.Object({
                recordingId: Id,
                stage: StageWord,
                ...filedPeople,
                attachedAt: Time,
                mediaKind: Type.String(),
                state: Type.String(),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const caseFile = await requireCase(deps, caller, request.params.caseId)
      const inCase = await caseRecordings(db, caseFile.id)
      const all = may(caller.role, 'recording.read_all')
      return {
        ...caseBody(caseFile),
        stages: stages.map((stage) => ({
          stage,
          recordings: inCase.stages[stage],
          covered: inCase.stages[stage] > 0,
        })),
        recordings: inCase.recordings
          .filter((recording) => all || recording.officerId === caller.id)
          .map(({ officerId: _, fewerOfficersReason, ...recording }) => ({
            ...recording,
            officerIds: [...recording.officerIds],
            participantIds: [...recording.participantIds],
            fewerOfficers: noticeOf(fewerOfficersReason),
            attachedAt: recording.attachedAt.toISOString(),
          })),
      }
    },
  )
}

/** The case of this id or number, if the caller may see it. @throws not_found otherwise, with the refusal's event. */
export async function requireCase(deps: AccessDeps, caller: Caller, idOrNumber: string): Promise<CaseRow> {
  const caseFile = await findCase(deps.db, idOrNumber)
  const mine = caseFile && (may(caller.role, 'case.read_all') || caseFile.officer_ids.includes(caller.id))
  if (mine) return caseFile
  return refuseAnothers(deps.db, deps.clock, {
    actor: caller,
    what: 'case',
    id: idOrNumber,
    subject: caseFile ? { type: 'case', id: caseFile.number } : null,
  })
}

async function requireParty(deps: AccessDeps, caller: Caller, id: string) {
  const party = await partyById(deps.db, id, ownPartiesOnly(caller))
  if (party) return party
  const isThere = (await partyById(deps.db, id)) !== undefined
  const subject = isThere ? { type: 'party', id } : null
  return refuseAnothers(deps.db, deps.clock, { actor: caller, what: 'party', id, subject })
}

function ownPartiesOnly(caller: Caller): { officerId?: string } {
  return may(caller.role, 'party.read_all') ? {} : { officerId: caller.id }
}

function ownOnly(caller: Caller): { officerId?: string } {
  return may(caller.role, 'case.read_all') ? {} : { officerId: caller.id }
}

function noticeOf(reason: string | null) {
  return reason === null ? null : fewerOfficersNotice(reason)
}

function partyBody<P extends { createdAt: Date }>(party: P) {
  return { ...party, createdAt: party.createdAt.toISOString() }
}

function caseBody(row: CaseRow) {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    title: row.title,
    partyId: row.party_id,
    departments: row.departments,
    officerIds: row.officer_ids,
    participantIds: row.participant_ids,
    fewerOfficers: noticeOf(row.fewer_officers_reason),
    outsideNumber: row.outside_number,
    openedAt: row.opened_at.toISOString(),
  }
}
