import { Type } from 'typebox'
import { type ActOutcome, actOnDevice, type DeviceAct, decideDeviceAct } from '../../custody/devices/acts.ts'
import { askKeeperChange } from '../../custody/devices/keeper.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, Serial, Words } from '../schemas.ts'

const params = Type.Object({ serial: Serial })
const note = Type.String({ maxLength: 1000 })
const cardTakenOut = Type.Boolean({ description: 'whether the card was taken out before' })
const Outcome = Type.Object({
  outcome: Type.Enum(['done', 'waits'], {
    description: '`waits`: files have no receipt or gaps are open, so a second person confirms it',
  }),
  id: Null(Id),
  missing: Type.Object({ files: Type.Integer(), gaps: Type.Integer() }),
})

/** Acts of the device register: issue, return, repair, retirement, loan, loss, and back into service. */
export function deviceActRoutes(server: Server, deps: AccessDeps): void {
  keeperRoutes(server, deps)
  stateActRoutes(server, deps)
  decisionRoute(server, deps)
}

/** 领用 and 归还: the person concerned confirms them, singly or in a list. */
function keeperRoutes(server: Server, { db, clock }: AccessDeps): void {
  const config = { access: rolesThatMay('device.ask_keeper'), event: 'device.keeper_asked' } as const
  const response = { 201: Type.Object({ id: Id }) }
  server.post(
    '/devices/:serial/issue',
    {
      config,
      schema: {
        summary: 'Issue a device to a person, who confirms that he has it',
        params,
        body: Type.Object({ toId: Id, note }),
        response,
      },
    },
    async (request, reply) => {
      const { toId: toPersonId, note } = request.body
      const asked = { serial: request.params.serial, toPersonId, note }
      const change = await db.transaction().execute((trx) => askKeeperChange(trx, clock, callerOf(request), asked))
      return reply.code(201).send(change)
    },
  )
  server.post(
    '/devices/:serial/return',
    {
      config,
      schema: {
        summary: 'Take a device back to the unit; whoever kept it confirms that he has given it back',
        params,
        body: Type.Object({ note }),
        response,
      },
    },
    async (request, reply) => {
      const asked = { serial: request.params.serial, toPersonId: null, note: request.body.note }
      const change = await db.transaction().execute((trx) => askKeeperChange(trx, clock, callerOf(request), asked))
      return reply.code(201).send(change)
    },
  )
}

function stateActRoutes(server: Server, { db, clock }: AccessDeps): void {
  const config = { access: rolesThatMay('device.manage'), event: 'device.changed' } as const
  const response = { 200: Outcome }
  const act = async (request: Parameters<typeof callerOf>[0], asked: DeviceAct) =>
    shown(await actOnDevice(db, clock, callerOf(request), asked))
  server.post(
    '/devices/:serial/repair',
    {
      config,
      schema: { summary: 'Send a device to repair', params, body: Type.Object({ note, cardTakenOut }), response },
    },
    async (request) => act(request, { ...request.params, act: 'repair', ...request.body }),
  )
  server.post(
    '/devices/:serial/retire',
    { config, schema: { summary: 'Retire a device', params, body: Type.Object({ note, cardTakenOut }), response } },
    async (request) => act(request, { ...request.params, act: 'retire', ...request.body }),
  )
  server.post(
    '/devices/:serial/loan',
    {
      config,
      schema: {
        summary: 'Lend a device to another office',
        params,
        body: Type.Object({ note, cardTakenOut, lentTo: Words(200) }),
        response,
      },
    },
    async (request) => act(request, { ...request.params, act: 'lend', ...request.body }),
  )
  server.post(
    '/devices/:serial/loss',
    {
      config,
      schema: {
        summary: 'Say that a device is lost: when it was last handed in and what is missing goes into the event',
        params,
        body: Type.Object({ note, toldTo: Words(200) }),
        response,
      },
    },
    async (request) => act(request, { ...request.params, act: 'lose', ...request.body }),
  )
  server.post(
    '/devices/:serial/taking-back',
    {
      config,
      schema: { summary: 'Take a device back into service', params, body: Type.Object({ note }), response },
    },
    async (request) => act(request, { ...request.params, act: 'take_back', ...request.body }),
  )
}

function decisionRoute(server: Server, { db, clock }: AccessDeps): void {
  server.post(
    '/devices/:serial/act/decision',
    {
      config: { access: rolesThatMay('device.decide_act'), event: 'device.changed' },
      schema: {
        summary: 'Confirm or refuse that a device leaves while files of it have no receipt or gaps of it are open',
        params,
        body: Type.Object({ confirm: Type.Boolean() }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await decideDeviceAct(db, clock, callerOf(request), { ...request.params, ...request.body })
      return reply.code(204).send(null)
    },
  )
}

function shown(outcome: ActOutcome) {
  return { outcome: outcome.outcome, missing: outcome.missing, id: outcome.outcome === 'waits' ? outcome.id : null }
}
