import { Type } from 'typebox'
import { handInOfDock } from '../custody/intake/hand-in.ts'
import { handInFiles } from '../custody/intake/hand-in-lines.ts'
import { uploadOfDock } from '../custody/intake/upload.ts'
import {
  type ReceiptState,
  receiptOfListed,
  receiptOfUpload,
  receiptStates,
} from '../custody/receipts/receipt-state.ts'
import { Fault } from '../foundation/errors.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { displayName } from '../foundation/name-decoding.ts'
import type { ProvenEvent } from '../ledger/log/disclosed-event.ts'
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'

const params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const provenBody = (description: string) =>
  Type.Object({
    index: Type.Integer(),
    body: Type.String({ description }),
    salt: Type.String(),
    entry: Type.String({ description: 'the public entry, which commits to salt and body' }),
    proof: Type.String({ description: 'c2sp.org/tlog-proof' }),
  })

/** Whoever checks a receipt has the ledger's and the witnesses' keys from elsewhere: they are not in it. */
const receiptState = Type.Object({
  state: Type.Enum([...receiptStates]),
  reason: orNull(Type.String({ description: 'not_yet: what is missing, as a word' })),
  message: orNull(Type.String({ description: 'the same in words; for provisional, why it is' })),
  recordingId: orNull(Type.String()),
  receipt: orNull(provenBody('the event receipt.issued, RFC 8785')),
  readAgain: orNull(
    provenBody(
      'for a file that was handed in after its receipt was issued, the event recording.read_again: all three copies were read again since',
    ),
  ),
})

const tags = ['receipt']
/** A page of them is some 3 MB. */
const receiptsAtOnce = 500
const listedReceipt = Type.Object({
  number: Type.Integer(),
  name: Type.String({ description: 'base64 of the raw bytes' }),
  text: Type.String(),
  bytes: Type.Integer(),
  uploadId: orNull(Type.String()),
  ...receiptState.properties,
})

/** What a dock waits for before it clears a device. */
export function receiptRoutes(server: Server, deps: IngestDeps): void {
  uploadRoute(server, deps)
  listRoute(server, deps)
  pageRoute(server, deps)
}

function uploadRoute(server: Server, deps: IngestDeps): void {
  const { db, settings } = deps
  server.get(
    '/uploads/:id/receipt',
    {
      config: { access: [dockRole], event: null },
      schema: {
        summary: 'The receipt for an upload, or why there is none yet',
        tags,
        params,
        response: { 200: receiptState },
      },
    },
    async (request) => {
      const upload = await uploadOfDock(deps, principalOf(request), request.params.id)
      return shown(await receiptOfUpload(db, upload, settings))
    },
  )
}

function listRoute(server: Server, deps: IngestDeps): void {
  server.get(
    '/hand-ins/:id/receipt',
    {
      config: { access: [dockRole], event: null },
      schema: {
        summary: 'The receipts for every file of a hand-in’s list',
        tags,
        params,
        response: {
          200: Type.Object({
            id: Type.String(),
            files: Type.Array(listedReceipt),
          }),
        },
      },
    },
    async (request) => listedReceipts(deps, principalOf(request).id, request.params.id, null),
  )
}

function pageRoute(server: Server, deps: IngestDeps): void {
  server.get(
    '/hand-ins/:id/receipts',
    {
      config: { access: [dockRole], event: null },
      schema: {
        summary: `The receipts for up to ${receiptsAtOnce} lines of a hand-in’s list`,
        description: 'From the line `from` on, in their order. A list of thousands is asked for page by page.',
        tags,
        params,
        querystring: Type.Object({
          from: Type.Optional(Type.Integer({ minimum: 0, maximum: 9_999, default: 0 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: receiptsAtOnce, default: receiptsAtOnce })),
        }),
        response: {
          200: Type.Object({
            id: Type.String(),
            files: Type.Array(listedReceipt),
            next: orNull(Type.Integer({ description: '`from` of the next page; null after the last line' })),
          }),
        },
      },
    },
    async (request) => {
      const { from = 0, limit = receiptsAtOnce } = request.query
      const answer = await listedReceipts(deps, principalOf(request).id, request.params.id, { from, limit: limit + 1 })
      const next = answer.files[limit]?.number ?? null
      return { ...answer, files: answer.files.slice(0, limit), next }
    },
  )
}

/** @throws not_found for a hand-in that is not this dock's */
async function listedReceipts(
  { db, settings }: IngestDeps,
  dockId: string,
  handInId: string,
  page: { from: number; limit: number } | null,
) {
  const handIn = await handInOfDock(db, dockId, handInId)
  if (!handIn) throw new Fault('not_found', 'there is no such hand-in of this dock')
  const files = []
  for (const file of await handInFiles(db, handIn.id, page)) {
    const { number, name, bytes, uploadId } = file
    const state = await receiptOfListed(db, file, settings)
    files.push({ number, name: name.toString('base64'), text: displayName(name), bytes, uploadId, ...shown(state) })
  }
  return { id: handIn.id, files }
}

function shown(state: ReceiptState) {
  if (state.state === 'not_yet') return { ...state, recordingId: null, receipt: null, readAgain: null }
  const { receipt, readAgain } = state
  return { ...state, reason: null, receipt: shownEvent(receipt), readAgain: readAgain && shownEvent(readAgain) }
}

function shownEvent({ index, body, salt, entry, proof }: ProvenEvent) {
  return { index, body, salt, entry, proof }
}
