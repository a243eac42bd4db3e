import type { Test } from 'tap'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { generateSignerKey, joinNote, parseSignerKey, splitNote } from '../../../services/ledger/format/note.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { judgeAnswer } from '../../../services/ledger/format/witness-protocol.ts'
import { newestPublished } from '../../../services/ledger/log/witnessed.ts'
import type { DisclosedEvent } from '../../../services/ledger/verify/disclosed.ts'
import { storeCosignatures } from '../../../services/ledger/witness/cosignatures.ts'
import { runReceipt } from '../../../workers/receipt.ts'
import { createUpload, hex, type IngestWorld, openIngestWorld, patch, signedList } from '../../support/ingest.ts'
import type { Teardown } from '../../support/stack.ts'
import { type ArchiveWorld, openArchiveWorld } from '../archive/archive-world.ts'

export const serial = 'DSJ0001'
export const name = Buffer.from('DSJ0001_012345_20261120083000_0001.MP4')

export interface ReceiptAnswer {
  readonly state: string
  readonly reason: string | null
  readonly message: string | null
  readonly recordingId: string | null
  readonly receipt: (DisclosedEvent & { readonly index: number }) | null
  readonly readAgain: (DisclosedEvent & { readonly index: number }) | null
}

export interface Place {
  readonly archive: ArchiveWorld
  readonly ingest: IngestWorld
  readonly witness: ReturnType<typeof makeWitness>
  receiptOf(path: string): Promise<ReceiptAnswer>
  /** A file of a hand-in, sealed. */
  handIn(file: {
    bytes: Buffer<ArrayBuffer>
    name: Buffer
    serial?: string
  }): Promise<{ handInId: string; path: string; recordingId: string }>
}

export async function openPlace(t: Test): Promise<Place> {
  const archive = await openArchiveWorld(t)
  const ingest = await openIngestWorld(t, {}, { world: archive.world, sequencer: false })
  const receiptOf = async (path: string) =>
    (await (await ingest.call('GET', `${path}/receipt`)).json()) as ReceiptAnswer
  return {
    archive,
    ingest,
    witness: makeWitness(),
    receiptOf,
    async handIn({ bytes, name, serial: of = serial }) {
      const listed = { name: name.toString('base64'), bytes: bytes.length, sha256: hex(bytes), mark: true }
      const left = { name: Buffer.from('left out.mp4').toString('base64'), bytes: 5, mark: false }
      const list = {
        serial: of,
        openedAt: archive.world.clock.now().toISOString(),
        clockOffsetMs: 3000,
        origin: { kind: 'mass_storage', from: null } as const,
        files: [left, listed],
      }
      const body = signedList(ingest.dock, list)
      const opened = await ingest.call('POST', '/hand-ins', { headers: { 'content-type': 'application/json' }, body })
      const { id } = (await opened.json()) as { id: string }
      const path = await createUpload(ingest, bytes.length, {
        serial: of,
        filename: name,
        handIn: id,
        handInNumber: '1',
      })
      await patch(ingest, path, 0, bytes)
      const recordingId = await archive.world.until(async () => {
        const state = (await (await ingest.call('GET', path)).json()) as { recordingId: string | null }
        return state.recordingId
      })
      return { handInId: id, path, recordingId }
    },
  }
}

export function makeWitness() {
  const { signerKey, verifierKey } = generateSignerKey('witness.test/1', signatureTypes.cosignatureEd25519)
  const signer = parseSignerKey(signerKey)
  const policy = parsePolicy(`witness one ${verifierKey}\nquorum one\n`)
  return { signer, policy, verifierKey }
}

/** Has the newest checkpoint cosigned. */
export async function witnessNow({
  archive: { world },
  witness: { signer, policy },
}: {
  archive: Pick<ArchiveWorld, 'world'>
  witness: Place['witness']
}): Promise<void> {
  const { size, note } = (await newestPublished(world.db))!
  const { text } = splitNote(note)
  const now = world.clock.now()
  const signature = cosign(signer, text, Math.floor(now.getTime() / 1000))
  const line = joinNote(text, [{ ...signer, signature }]).slice(text.length + 1)
  const { cosignatures } = judgeAnswer(
    line,
    text,
    policy.witnesses.map(({ key }) => key),
    now.getTime() / 1000,
  )
  await storeCosignatures(world.db, policy, { witness: 'one', size, cosignatures, at: now })
}

/** Runs the loop until the returned function is called, or the test ends. */
export function startLoop(t: Teardown, { archive: { world } }: { archive: Pick<ArchiveWorld, 'world'> }) {
  const stopper = new AbortController()
  const ended = runReceipt({ ...world, db: world.dbFor('worker') }, stopper.signal)
  const stop = async () => {
    stopper.abort()
    await ended
  }
  t.teardown(stop)
  return stop
}
