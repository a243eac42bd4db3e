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
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'

const params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** Whoever checks a receipt has the ledger's and the witnesses' keys from elsewhere: they are not in it. */
const receiptState = Type.Object({
  state: Type.Enum([...receiptStates]),
  reason: orNull(Type.String({ description: 'not_yet: what is missing, as a word' })),
  message: orNull(Type.String({ description: 'the same in words; for provisional, why it is' })),
  recordingId: orNull(Type.String()),
  receipt: orNull(
    Type.Object({
      index: Type.Integer(),
      body: Type.String({ description: 'the event receipt.issued, RFC 8785' }),
      salt: Type.String(),
      entry: Type.String({ description: 'the public entry, which commits to salt and body' }),
      proof: Type.String({ description: 'c2sp.org/tlog-proof' }),
    }),
  ),
})

/** What a dock waits for before it clears a device. */
export function receiptRoutes(server: Server, deps: IngestDeps): void {
  const tags = ['receipt']
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
            files: Type.Array(
              Type.Object({
                number: Type.Integer(),
                name: Type.String({ description: 'base64 of the raw bytes' }),
                text: Type.String(),
                bytes: Type.Integer(),
                uploadId: orNull(Type.String()),
                ...receiptState.properties,
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const dock = principalOf(request)
      const handIn = await handInOfDock(db, dock.id, request.params.id)
      if (!handIn) throw new Fault('not_found', 'there is no such hand-in of this dock')
      const files = []
      for (const file of await handInFiles(db, handIn.id)) {
        const { number, name, bytes, uploadId } = file
        const state = await receiptOfListed(db, file, settings)
        files.push({ number, name: name.toString('base64'), text: displayName(name), bytes, uploadId, ...shown(state) })
      }
      return { id: handIn.id, files }
    },
  )
}

function shown(state: ReceiptState) {
  if (state.state === 'not_yet') return { ...state, recordingId: null, receipt: null }
  const { index, body, salt, entry, proof } = state.receipt
  return { ...state, reason: null, receipt: { index, body, salt, entry, proof } }
}
