import { Type } from 'typebox'
import { dockPublicKey } from '../custody/devices/dock.ts'
import { displayName } from '../custody/devices/name-profile.ts'
import { type HandInList, handInFiles, handInOfDock, listedFileStates, openHandIn } from '../custody/intake/hand-in.ts'
import { Fault } from '../foundation/errors.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'
import { readSerial, readTime } from './file-facts.ts'

const filesMax = 10_000
const listBytesMax = 24 * 1024 * 1024
const sha256Hex = Type.String({ pattern: '^[0-9a-f]{64}$' })

const listedFile = Type.Object({
  name: Type.String({
    minLength: 4,
    maxLength: 1368,
    description: "base64 of the name's raw bytes, 1 to 1024 of them",
  }),
  bytes: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  sha256: Type.Optional(sha256Hex),
  deviceTime: Type.Optional(Type.String({ maxLength: 40 })),
  mark: Type.Boolean(),
})
const handInBody = Type.Object({
  serial: Type.String({ minLength: 1, maxLength: 64 }),
  openedAt: Type.String({ maxLength: 40 }),
  clockOffsetMs: Type.Optional(Type.Integer({ minimum: -1e14, maximum: 1e14 })),
  files: Type.Array(listedFile, { maxItems: filesMax }),
  signature: Type.String({
    pattern: '^[A-Za-z0-9+/]{86}==$',
    description: "the dock's Ed25519 signature over the RFC 8785 form of this body without `signature`, in base64",
  }),
})
const fileState = Type.Object({
  number: Type.Integer(),
  name: Type.String({ description: 'base64 of the raw bytes' }),
  text: Type.String({ description: 'the name to read' }),
  bytes: Type.Integer(),
  state: Type.Enum([...listedFileStates]),
  uploadId: Type.Union([Type.String(), Type.Null()]),
  recordingId: Type.Union([Type.String(), Type.Null()]),
})
const opened = Type.Object({ id: Type.String() })

/** A dock's hand-ins: its signed list of every file it saw, before the first byte, and how each file stands. */
export function handInRoutes(server: Server, deps: IngestDeps): void {
  const tags = ['hand-in']
  server.post(
    '/hand-ins',
    {
      bodyLimit: listBytesMax,
      config: { access: [dockRole], event: 'hand_in.opened' },
      schema: {
        summary: 'Open a hand-in with its signed list; the same list again gives the same hand-in',
        tags,
        body: handInBody,
        response: { 200: opened, 201: opened },
      },
    },
    async (request, reply) => {
      const dock = principalOf(request)
      const { signature, ...list } = request.body
      checkList(list)
      await requireLedgerCaughtUp(deps.db)
      const publicKey = await dockPublicKey(deps.db, dock.id)
      if (!publicKey) throw new Fault('not_signed_in', 'this dock is not in the register any more')
      const { id, created } = await openHandIn(deps, { id: dock.id, publicKey }, list, Buffer.from(signature, 'base64'))
      return reply.code(created ? 201 : 200).send({ id })
    },
  )
  server.get(
    '/hand-ins/:id',
    {
      config: { access: [dockRole], event: null },
      schema: {
        summary: 'How each file of a hand-in stands',
        tags,
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: {
          200: Type.Object({
            id: Type.String(),
            serial: Type.String(),
            openedAt: Type.String(),
            files: Type.Array(fileState),
          }),
        },
      },
    },
    async (request) => {
      const handIn = await handInOfDock(deps.db, principalOf(request).id, request.params.id)
      if (!handIn) throw new Fault('not_found', 'there is no such hand-in of this dock')
      const files = await handInFiles(deps.db, handIn.id)
      return {
        id: handIn.id,
        serial: handIn.deviceSerial,
        openedAt: handIn.openedAt.toISOString(),
        files: files.map(({ name, ...file }) => ({ ...file, name: name.toString('base64'), text: displayName(name) })),
      }
    },
  )
}

/** What the schema cannot say. @throws bad_request naming the field */
function checkList(list: HandInList): void {
  readSerial(list.serial)
  readTime('openedAt', list.openedAt)
  for (const [number, file] of list.files.entries()) {
    const raw = Buffer.from(file.name, 'base64')
    if (raw.length === 0 || raw.length > 1024 || raw.toString('base64') !== file.name) {
      const field = `files.${number}.name`
      throw new Fault('bad_request', `${field}: is not the base64 of 1 to 1024 bytes`, { details: { field } })
    }
    readTime(`files.${number}.deviceTime`, file.deviceTime ?? null)
  }
}
