import { Type } from 'typebox'
import { storageHealth } from '../../custody/copies/storage-health.ts'
import { listDocks, registerDock, releaseDock, revokeDock } from '../../custody/devices/dock.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Hex, Id, NoContent, Null, Time, Words } from '../schemas.ts'

/** Docking stations, and whether the three stores are well: what the system administrator looks after. */
export function dockRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock, stores } = deps
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
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      docks: (await listDocks(db)).map((dock) => ({
        ...dock,
        registeredAt: dock.registeredAt.toISOString(),
        releasedAt: dock.releasedAt?.toISOString() ?? null,
        revokedAt: dock.revokedAt?.toISOString() ?? null,
      })),
    }),
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

  const Copies = Type.Object({ stored: Type.Integer(), verified: Type.Integer(), damaged: Type.Integer() })
  server.get(
    '/storage',
    {
      config: { access: rolesThatMay('storage.health'), event: null },
      schema: {
        summary: 'Health of the three stores: numbers only, nothing of any recording',
        response: {
          200: Type.Object({
            stores: Type.Array(
              Type.Object({
                name: Type.String(),
                hostName: Type.String(),
                reachable: Type.Boolean(),
                clockOffsetMs: Null(Type.Number()),
                copies: Copies,
              }),
            ),
          }),
        },
      },
    },
    async () => ({ stores: await storageHealth(db, stores) }),
  )
}
