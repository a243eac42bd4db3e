import { Type } from 'typebox'
import { listDocks, registerDock, releaseDock, revokeDock } from '../../custody/devices/dock.ts'
import { type DockState, dockStates } from '../../custody/docks/state.ts'
import { liftCodeLimit } from '../../custody/people/dock-codes.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { dockClocks } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Hex, Id, NoContent, Null, Time, Words } from '../schemas.ts'

const InBothLanguages = Type.Object({ zh: Type.String(), en: Type.String() })
/** How a dock says that it stands (A53). */
const ShownState = Type.Object({
  seenAt: Time,
  version: Type.String(),
  slots: Type.Integer(),
  slotsUsed: Type.Integer(),
  spoolBytes: Type.Integer(),
  spoolUsedBytes: Type.Integer(),
  waitingBytes: Type.Integer({ description: 'read at the dock, and not here yet' }),
  clock: Type.Enum([...dockClocks]),
  offlineSince: Null(Time),
  attention: Type.Array(Type.Object({ slot: Null(Type.Integer()), word: Type.String() })),
  remarks: Type.Array(InBothLanguages, {
    description: 'what is to be looked at, also that it was not heard of for long',
  }),
})

/** Docking stations: what the system administrator looks after. */
export function dockRoutes(server: Server, deps: AccessDeps): void {
  codeLimitRoute(server, deps)
  const { db, clock } = deps
  const manage = rolesThatMay('dock.manage')
  server.get(
    '/docks',
    {
      config: { access: rolesThatMay('dock.list'), event: null },
      schema: {
        summary: 'Docking stations',
        response: {
          200: Type.Object({
            docks: Type.Array(
              Type.Object({
                id: Id,
                name: Type.String(),
                publicKey: Hex,
                registeredAt: Time,
                releasedAt: Null(Time),
                releasedBy: Null(Id),
                revokedAt: Null(Time),
                state: Null(ShownState),
              }),
            ),
          }),
        },
      },
    },
    async () => {
      const states = await dockStates(db, clock.now())
      const docks = await listDocks(db)
      return {
        docks: docks.map((dock) => ({
          ...dock,
          registeredAt: dock.registeredAt.toISOString(),
          releasedAt: dock.releasedAt?.toISOString() ?? null,
          revokedAt: dock.revokedAt?.toISOString() ?? null,
          state: shownState(states.get(dock.id)),
        })),
      }
    },
  )

  server.post(
    '/docks',
    {
      config: { access: manage, event: 'dock.registered' },
      schema: {
        summary: 'Register a docking station by its Ed25519 public key; it counts once a second person has released it',
        body: Type.Object({
          name: Words(100),
          publicKey: Type.String({ description: '32 bytes in base64', pattern: '^[A-Za-z0-9+/]{43}=$' }),
        }),
        response: { 201: Type.Object({ id: Id, token: Type.String({ description: 'shown once' }) }) },
      },
    },
    async (request, reply) => {
      const { name } = request.body
      const publicKey = Buffer.from(request.body.publicKey, 'base64')
      const { dockId, token } = await db
        .transaction()
        .execute((trx) => registerDock(trx, clock, callerOf(request), { name, publicKey }))
      return reply.code(201).send({ id: dockId, token })
    },
  )

  server.post(
    '/docks/:dockId/release',
    {
      config: { access: rolesThatMay('dock.release'), event: 'dock.released' },
      schema: {
        summary: 'Release a dock that somebody else has registered: from now on its token counts',
        description: 'Compare the public key with the one that the dock itself shows before you sign.',
        params: Type.Object({ dockId: Id }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await releaseDock(db, clock, callerOf(request), request.params.dockId)
      return reply.code(204).send(null)
    },
  )

  server.post(
    '/docks/:dockId/revoke',
    {
      config: { access: manage, event: 'dock.revoked' },
      schema: { summary: 'Revoke a dock’s token at once', params: Type.Object({ dockId: Id }), response: NoContent },
    },
    async (request, reply) => {
      await revokeDock(db, clock, callerOf(request), request.params.dockId)
      return reply.code(204).send(null)
    },
  )
}

/** Work cards count at a dock all the same; a dock takes codes again at midnight by itself. */
function codeLimitRoute(server: Server, { db, clock }: AccessDeps): void {
  server.post(
    '/docks/:dockId/code-limit/lift',
    {
      config: { access: rolesThatMay('dock.lift_code_limit'), event: 'identity.limit_lifted' },
      schema: {
        summary: 'Let a dock take dock codes again on a day on which too many wrong ones were tried there',
        params: Type.Object({ dockId: Id }),
        body: Type.Object({ reason: Words(1000, 4) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await liftCodeLimit(db, clock, callerOf(request), { ...request.params, ...request.body })
      return reply.code(204).send(null)
    },
  )
}

function shownState(state: DockState | undefined) {
  if (!state) return null
  const { seenAt, offlineSince, attention, remarks, ...said } = state
  return {
    ...said,
    seenAt: seenAt.toISOString(),
    offlineSince: offlineSince?.toISOString() ?? null,
    attention: [...attention],
    remarks: [...remarks],
  }
}
