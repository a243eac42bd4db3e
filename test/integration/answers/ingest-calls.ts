import { footage, hex, type IngestWorld, metadata, signedList } from '../../support/ingest.ts'
import type { CallOptions, DocumentedServer } from './caller.ts'

/** Calls each route of ingest as its docks do. What is refused without a dock's token is tested for all routes alike. */
export async function callIngest(ingest: IngestWorld, server: DocumentedServer): Promise<void> {
  const dock = (name: string, status: number, options: CallOptions = {}) =>
    server.call(ingest.dock.token, name, status, {
      ...options,
      headers: { 'tus-resumable': '1.0.0', ...options.headers },
    })
  await server.call(null, 'GET /healthz', 200)
  await server.call(null, 'GET /readyz', 200)
  await server.call(null, 'OPTIONS /uploads', 204)
  await server.call(null, 'OPTIONS /uploads/{id}', 204)

  const bytes = footage(50_000)
  const file = { name: Buffer.from('DSJ0001_1.MP4').toString('base64'), bytes: bytes.length, mark: false }
  const list = signedList(ingest.dock, { serial: 'DSJ0001', openedAt: '2026-11-20T18:00:00+08:00', files: [file] })
  const handIn = { body: list, headers: { 'content-type': 'application/json' } }
  const { id } = (await dock('POST /hand-ins', 201, handIn)).body
  await dock('POST /hand-ins', 200, handIn)
  await dock('POST /hand-ins', 400, { body: {} })
  await dock('GET /hand-ins/{id}', 200, { with: { id } })
  await dock('GET /hand-ins/{id}', 404)
  await dock('GET /hand-ins/{id}/receipt', 200, { with: { id } })
  await dock('GET /hand-ins/{id}/receipt', 404)

  const facts = metadata({ serial: 'DSJ0001', filename: 'DSJ0001_1.MP4' })
  const creation = { headers: { 'upload-length': String(bytes.length), 'upload-metadata': facts } }
  const begin = async () => ({
    id: (await dock('POST /uploads', 201, creation)).headers.get('location')!.split('/')[2]!,
  })
  await dock('POST /uploads', 400)
  await dock('POST /uploads', 412, { headers: { 'tus-resumable': '0.1.0' } })
  const upload = await begin()
  await dock('HEAD /uploads/{id}', 200, { with: upload })
  await dock('HEAD /uploads/{id}', 404)
  await dock('POST /uploads/{id}', 200, { with: upload, headers: { 'x-http-method-override': 'HEAD' } })
  const sending = (offset: number) => ({
    with: upload,
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    body: bytes,
  })
  await dock('PATCH /uploads/{id}', 409, sending(1))
  await dock('PATCH /uploads/{id}', 204, sending(0))
  await dock('GET /uploads/{id}', 200, { with: upload })
  await dock('PUT /uploads/{id}/digest', 400, { with: upload, body: { sha256: 'none' } })
  await dock('PUT /uploads/{id}/digest', 204, { with: upload, body: { sha256: hex(bytes) } })
  await dock('GET /uploads/{id}/receipt', 200, { with: upload })
  await dock('DELETE /uploads/{id}', 204, { with: await begin() })
  await dock('POST /uploads/{id}', 204, { with: await begin(), headers: { 'x-http-method-override': 'DELETE' } })

  const form = new FormData()
  for (const [name, value] of Object.entries({ serial: 'DSJ0001', filename: 'DSJ0001_2.WAV' })) form.set(name, value)
  form.set('file', new Blob([footage(1000, 'form')]))
  await dock('POST /footage', 201, { body: form })
  await dock('POST /footage', 415, { body: {} })
}
