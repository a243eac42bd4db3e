import { Type } from 'typebox'
import { changeDevice, listDevices, registerDevice } from '../../custody/devices/device.ts'
import { askKeeperChange, decideKeeperChange } from '../../custody/devices/keeper.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { deviceKinds, deviceStates } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, Serial, Time, Words } from '../schemas.ts'

const Kind = Type.Enum([...deviceKinds])
const State = Type.Enum([...deviceStates])
/** What a device is when it comes into the register: whatever else becomes of it is an act of its own. */
const FirstState = Type.Enum(['in_service', 'in_repair'])
/** Losses and loans say more than their state: device-acts.ts. */
const PlainState = Type.Enum(['in_service', 'in_repair', 'retired'])

/** The device register (台账): issue, return, repair, retirement. */
export function deviceRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  const manage = rolesThatMay('device.manage')
  server.get(
    '/devices',
    {
      config: { access: rolesThatMay('device.list'), event: null },
      schema: {
        summary: 'The device register',
        response: {
          200: Type.Object({
            devices: Type.Array(
              Type.Object({
                id: Id,
                serial: Type.String(),
                kind: Kind,
                model: Null(Type.String()),
                holderId: Null(Id),
                state: State,
                registeredAt: Time,
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      devices: (await listDevices(db)).map((device) => ({
        id: device.id,
        serial: device.serial,
        kind: device.kind,
        model: device.model,
        holderId: device.holder_id,
        state: device.state,
        registeredAt: device.registered_at.toISOString(),
      })),
    }),
  )

  server.post(
    '/devices',
    {
      config: { access: manage, event: 'device.registered' },
      schema: {
        summary: 'Register a device',
        body: Type.Object({
          serial: Serial,
          kind: Kind,
          model: Type.Optional(Null(Words(100))),
          state: Type.Optional(FirstState),
        }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => {
      const registered = await db
        .transaction()
        .execute((trx) => registerDevice(trx, clock, callerOf(request), request.body))
      return reply.code(201).send(registered)
    },
  )

  server.post(
    '/devices/:serial/state',
    {
      config: { access: manage, event: 'device.changed' },
      schema: {
        summary: 'Send a device to repair, retire it, or put it back into service',
        params: Type.Object({ serial: Serial }),
        body: Type.Object({ state: PlainState, note: Type.String({ maxLength: 1000 }) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await changeDevice(db, clock, callerOf(request), request.params.serial, request.body)
      return reply.code(204).send(null)
    },
  )

  server.post(
    '/devices/:serial/keeper',
    {
      config: { access: rolesThatMay('device.ask_keeper'), event: 'device.keeper_asked' },
      schema: {
        summary: 'Ask that a device be kept by a person, or go back to the unit; he confirms it',
        params: Type.Object({ serial: Serial }),
        body: Type.Object({ holderId: Null(Id), note: Type.String({ maxLength: 1000 }) }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => {
      const { serial } = request.params
      const { holderId: toPersonId, note } = request.body
      const asked = await db
        .transaction()
        .execute((trx) => askKeeperChange(trx, clock, callerOf(request), { serial, toPersonId, note }))
      return reply.code(201).send(asked)
    },
  )

  server.post(
    '/devices/:serial/keeper/decision',
    {
      config: { access: rolesThatMay('device.confirm_keeper'), event: 'device.keeper_changed' },
      schema: {
        summary: 'Confirm or refuse that one keeps a device from now on, or has given it back',
        description: 'By the person concerned, or by a supervisor in his place.',
        params: Type.Object({ serial: Serial }),
        body: Type.Object({ confirm: Type.Boolean() }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const { serial } = request.params
      await decideKeeperChange(db, clock, callerOf(request), { serial, confirm: request.body.confirm })
      return reply.code(204).send(null)
    },
  )
}
