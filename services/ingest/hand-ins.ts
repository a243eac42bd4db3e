import { type TSchema, Type } from 'typebox'
import { dockPublicKey } from '../custody/devices/dock.ts'
import { listedFileStates } from '../custody/devices/listed-file.ts'
import { type OriginKind, originNames } from '../custody/events/words.ts'
import { handInOfDock, openHandIn, type SignedHead } from '../custody/intake/hand-in.ts'
import { handInFiles, type SaltedLine } from '../custody/intake/hand-in-lines.ts'
import { Fault } from '../foundation/errors.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { displayName } from '../foundation/name-decoding.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'
import { readSerial, readTime } from './file-facts.ts'

const filesMax = 10_000
const listBytesMax = 24 * 1024 * 1024
const sha256Hex = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Null = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

const listedFile = Type.Object({
  number: Type.Integer({ minimum: 0, maximum: filesMax - 1, description: 'place in the list, from 0' }),
  name: Type.String({
    minLength: 4,
    maxLength: 1368,
    description: "base64 of the name's raw bytes, 1 to 1024 of them",
  }),
  bytes: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  sha256: Null(sha256Hex),
  deviceTime: Null(Type.String({ maxLength: 40 })),
  mark: Type.Boolean(),
  salt: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', description: '32 random bytes in base64, fresh for each line' }),
})
const handInBody = Type.Object({
  v: Type.Literal(2),
  serial: Type.String({ minLength: 1, maxLength: 64 }),
  openedAt: Type.String({ maxLength: 40 }),
  clockOffsetMs: Null(Type.Integer({ minimum: -1e14, maximum: 1e14 })),
  origin: Null(
    Type.Object(
      {
        kind: Type.Enum(Object.keys(originNames) as OriginKind[]),
        from: Null(Type.String({ maxLength: 200, description: 'the slot, card or station, as people name it' })),
      },
      { description: 'where the files came from; null when the dock does not know' },
    ),
  ),
  user: Null(
    Type.Object(
      { person: Type.String({ maxLength: 64 }), grade: Type.Enum(['confirmed', 'roster']) },
      { description: 'who used the device this shift: his id, and whether he said so himself or the roster does' },
    ),
  ),
  count: Type.Integer({ minimum: 0, maximum: filesMax }),
  filesRoot: sha256Hex,
  files: Type.Array(listedFile, { maxItems: filesMax }),
  signature: Type.String({
    pattern: '^[A-Za-z0-9+/]{86}==$',
    description:
      "the dock's Ed25519 signature over the RFC 8785 form of this body without `files` and `signature`, in base64",
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
      preValidation: async (request) => refuseOtherVersions(request.body),
      schema: {
        summary: 'Open a hand-in with its signed list; the same list again gives the same hand-in',
        tags,
        body: handInBody,
        response: { 200: opened, 201: opened },
      },
    },
    async (request, reply) => {
      const dock = principalOf(request)
      const { signature, files, ...head } = request.body
      const lines = files.map((file) => ({ ...file, salt: Buffer.from(file.salt, 'base64') }))
      checkList(head, lines)
      await requireLedgerCaughtUp(deps.db)
      const publicKey = await dockPublicKey(deps.db, dock.id)
      if (!publicKey) throw new Fault('not_signed_in', 'this dock is not in the register any more')
      const signed = { lines, signature: Buffer.from(signature, 'base64') }
      const { id, created } = await openHandIn(deps, { id: dock.id, publicKey }, head, signed)
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
        files: files.map(({ name, completedAt: _, ...file }) => ({
          ...file,
          name: name.toString('base64'),
          text: displayName(name),
        })),
      }
    },
  )
}

/** Lists of version 1 named every file of the device in what was signed, so no package could show its own alone. */
function refuseOtherVersions(body: unknown): void {
  const version = typeof body === 'object' && body !== null && 'v' in body ? body.v : 1
  if (version === 2) return
  throw new Fault(
    'bad_request',
    `v: a hand-in list of version ${JSON.stringify(version)} is not taken: sign version 2 (services/ledger/DESIGN.md §8)`,
    { details: { field: 'v' } },
  )
}

/** What the schema cannot say. @throws bad_request naming the field */
function checkList(head: SignedHead, lines: readonly SaltedLine[]): void {
  readSerial(head.serial)
  readTime('openedAt', head.openedAt)
  for (const [place, line] of lines.entries()) {
    const raw = Buffer.from(line.name, 'base64')
    if (raw.length === 0 || raw.length > 1024 || raw.toString('base64') !== line.name) {
      throw bad(`files.${place}.name`, 'is not the base64 of 1 to 1024 bytes')
    }
    if (line.number !== place)
      throw bad(`files.${place}.number`, `is ${line.number}: lines stand in their order, from 0`)
    readTime(`files.${place}.deviceTime`, line.deviceTime)
  }
}

function bad(field: string, problem: string): Fault {
  return new Fault('bad_request', `${field}: ${problem}`, { details: { field } })
}
