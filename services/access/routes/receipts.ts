import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { receiptOfRecording, receiptStates } from '../../custody/receipts/receipt-state.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, type Caller, callerOf } from '../deps.ts'
import { receiptPage } from '../receipt/page.ts'
import { Id, Null, TextAnswer } from '../schemas.ts'
import { ProvenEventBody, withTimes } from './proofs.ts'
import { requireRecording } from './recordings.ts'

const files = {
  '/receipt/receipt.css': { name: 'receipt.css', type: 'text/css; charset=utf-8' },
  '/receipt/hand-in.css': { name: 'hand-in.css', type: 'text/css; charset=utf-8' },
  '/receipt/print.js': { name: 'print.js', type: 'text/javascript; charset=utf-8' },
} as const

/** The receipt of a recording, as JSON and as a page for paper. Officers see those of their own recordings. */
export async function receiptRoutes(server: Server, deps: AccessDeps): Promise<void> {
  const { settings } = deps
  const hasWitnesses = settings.ledger.policy?.needsWitnesses ?? false
  const config = { access: rolesThatMay('receipt.read_own', 'receipt.read_all'), event: null }
  const params = Type.Object({ recordingId: Id })
  const read = async (caller: Caller, recordingId: string) => {
    const recording = await requireRecording(deps, caller, recordingId)
    return { recording, state: await receiptOfRecording(deps.db, recordingId, { hasWitnesses }) }
  }
  server.get(
    '/recordings/:recordingId/receipt',
    {
      config,
      schema: {
        summary: 'The receipt that the dock was given, with its proof, or why there is none yet',
        params,
        response: {
          200: Type.Object({
            state: Type.Enum([...receiptStates]),
            reason: Null(Type.String({ description: 'not_yet: what is missing, as a word' })),
            message: Null(Type.String()),
            recordingId: Id,
            receipt: Null(ProvenEventBody),
          }),
        },
      },
    },
    async (request) => {
      const { recordingId } = request.params
      const { state } = await read(callerOf(request), recordingId)
      if (state.state === 'not_yet') return { ...state, recordingId, receipt: null }
      return { ...state, reason: null, receipt: withTimes(state.receipt) }
    },
  )

  server.get(
    '/recordings/:recordingId/receipt.html',
    {
      config,
      schema: {
        summary: 'The same as one page of A4, with a QR code',
        params,
        querystring: Type.Object({ lang: Type.Optional(Type.Enum(['zh', 'en'])) }),
        response: { 200: TextAnswer('text/html', 'the page, in Chinese unless `lang` says otherwise') },
      },
    },
    async (request, reply) => {
      const { recordingId } = request.params
      const { recording, state } = await read(callerOf(request), recordingId)
      const { lang: language = 'zh' } = request.query
      const { origin } = settings.ledger
      const page = receiptPage(state, { recording, language, origin, hasWitnesses })
      return reply.type('text/html; charset=utf-8').send(page)
    },
  )

  for (const [url, { name, type }] of Object.entries(files)) {
    const content = await readFile(fileURLToPath(new URL(`../receipt/${name}`, import.meta.url)))
    server.get(
      url,
      { config: { access: 'anyone', event: null }, schema: { hide: true }, logLevel: 'warn' },
      async (_request, reply) => reply.type(type).header('cache-control', 'no-cache').send(content),
    )
  }
}
