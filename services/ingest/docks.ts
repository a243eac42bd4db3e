import { hash } from 'node:crypto'
import { Type } from 'typebox'
import { enrolDock } from '../custody/docks/enrolment.ts'
import { takeReport } from '../custody/docks/report.ts'
import type { SaidReport } from '../custody/docks/said-report.ts'
import { saveDockState } from '../custody/docks/state.ts'
import { toldRegister } from '../custody/docks/told-register.ts'
import { Fault } from '../foundation/errors.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { canonicalText, type JsonValue } from '../ledger/format/canonical.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'
import { EnrolBody, Enrolled, ReportBody, StateBody, ToldRegister } from './dock-schemas.ts'
import { readSerial, readTime } from './file-facts.ts'

const tags = ['dock']
const done = { 204: Type.Null() }
const docks = [dockRole]

/** What a dock asks and says of itself: its enrolment, what it is told of the bureau, how it stands, what it has seen. */
export function dockRoutes(server: Server, deps: IngestDeps): void {
  enrolmentRoute(server, deps)
  registerRoute(server, deps)
  stateRoute(server, deps)
  reportRoute(server, deps)
}

function enrolmentRoute(server: Server, deps: IngestDeps): void {
  const { db, clock } = deps
  server.post(
    '/docks/enrol',
    {
      config: { access: 'anyone', event: 'dock.registered' },
      schema: {
        summary: 'Enrol a new dock with the one-time code that an administrator has made',
        description: 'The token is answered once and opens nothing before a second person has released the dock.',
        tags,
        body: EnrolBody,
        response: { 201: Enrolled },
      },
    },
    async (request, reply) => {
      await requireLedgerCaughtUp(db)
      const { code, version } = request.body
      const publicKey = Buffer.from(request.body.publicKey, 'base64')
      const enrolled = await enrolDock(db, clock, { code, publicKey, version, address: request.ip })
      return reply.code(201).send(enrolled)
    },
  )
}

function registerRoute(server: Server, deps: IngestDeps): void {
  const { db, clock } = deps
  server.get(
    '/docks/me/register',
    {
      config: { access: docks, event: null },
      schema: {
        summary: 'What the dock keeps for when the line is cut: settings, devices, people, roster',
        description: 'With `If-None-Match` the answer is 304 while nothing has changed; `at` does not count.',
        tags,
        response: { 200: ToldRegister, 304: Type.Null({ description: 'as you have it' }) },
      },
    },
    async (request, reply) => {
      const at = clock.now()
      const told = await toldRegister(db, { dockId: principalOf(request).id, at })
      const digest = hash('sha256', canonicalText(told as unknown as JsonValue), 'hex')
      reply.header('etag', `"${digest}"`).header('cache-control', 'private, no-cache')
      if (request.headers['if-none-match'] === `"${digest}"`) return reply.code(304).send(null)
      return reply.send({
        ...told,
        at: at.toISOString(),
        devices: [...told.devices],
        people: [...told.people],
        roster: [...told.roster],
      })
    },
  )
}

function stateRoute(server: Server, deps: IngestDeps): void {
  const { db, clock } = deps
  server.put(
    '/docks/me/state',
    {
      config: { access: docks, event: null },
      schema: { summary: 'Say how the dock stands', tags, body: StateBody, response: done },
    },
    async (request, reply) => {
      const { offlineSince, ...said } = request.body
      const since = offlineSince === null ? null : new Date(timeOf('offlineSince', offlineSince))
      await saveDockState(db, clock, principalOf(request).id, { ...said, offlineSince: since })
      return reply.code(204).send(null)
    },
  )
}

function reportRoute(server: Server, deps: IngestDeps): void {
  const { db, clock } = deps
  server.post(
    '/docks/me/reports',
    {
      config: { access: docks, event: 'station.device_checked' },
      schema: {
        summary: 'Report what happened to a device at the dock; each kind is an event of its own',
        tags,
        body: ReportBody,
        response: done,
      },
    },
    async (request, reply) => {
      await requireLedgerCaughtUp(db)
      const { id: saidId, ...body } = request.body
      await takeReport(db, clock, principalOf(request).id, { saidId, report: reportOf(body) })
      return reply.code(204).send(null)
    },
  )
}

type WithoutId<Body> = Body extends unknown ? Omit<Body, 'id'> : never
type SaidBody = WithoutId<Type.Static<typeof ReportBody>>

/** The report with its times in UTC and every member there. @throws bad_request naming the field */
function reportOf(body: SaidBody): SaidReport {
  if (body.serial !== null) readSerial(body.serial)
  const said = { ...body, saidAt: timeOf('saidAt', body.saidAt) }
  switch (said.kind) {
    case 'device_checked': {
      const { lastReceiptAt } = said
      return { ...said, lastReceiptAt: lastReceiptAt === null ? null : timeOf('lastReceiptAt', lastReceiptAt) }
    }
    case 'clock_set':
      return { ...said, setTo: timeOf('setTo', said.setTo) }
    case 'picked_up_in_emergency':
      return { ...said, words: said.words ?? null }
    case 'card_kept':
      return { ...said, handInId: said.handInId ?? null }
    default:
      return said
  }
}

/** A time that the calendar has, in UTC. @throws bad_request */
function timeOf(field: string, text: string): string {
  const instant = readTime(field, text)?.instant
  if (instant) return instant.toISOString()
  throw new Fault('bad_request', `${field}: the calendar has no such time`, { details: { field } })
}
