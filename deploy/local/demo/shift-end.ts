// A shift end at the demo's station: devices go in, somebody says whose the cards are, and every file is followed to its end.

import { setTimeout as delay } from 'node:timers/promises'
import type { ScreenState, SlotDetail } from '../../../services/dock/screen/schemas.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import type { System } from '../system.ts'
import type { DockedFile, UploadState } from './dock-client.ts'
import type { Advance } from './progress.ts'
import type { DockReceipts } from './receipts.ts'
import type { EnrolledStation } from './station.ts'
import type { HandedIn } from './story.ts'

const settleMsMax = 600_000
const pollMs = 400

interface Station {
  readonly system: System
  readonly station: EnrolledStation
  readonly screen: string
}

interface HandInFile {
  /** base64 of the raw bytes. */
  readonly name: string
  readonly bytes: number
  readonly state: string
  readonly uploadId: string | null
  readonly recordingId: string | null
}

/** Waits until every file that was put in is sealed, quarantined or known, and says whose the cards are that name nobody. */
export async function untilHandedIn(at: Station, files: readonly DockedFile[], advance: Advance): Promise<HandedIn[]> {
  const deadline = Date.now() + settleMsMax
  for (;;) {
    await answerWhose(at.screen, files)
    const handed = await handedIn(at, files)
    advance(handed.reduce((sum, { bytes }) => sum + bytes, 0))
    if (handed.length === files.length) return handed
    if (Date.now() > deadline) throw new Fault('not_ready', `${handed.length} of ${files.length} files are sealed`)
    await delay(pollMs)
  }
}

/**
 * Waits until the station has cleared what it may, and tells why it keeps the rest. Where the bureau's setting is to ask, the
 * officer says [清空].
 *
 * @param clears whether the source clears at all: the store of an older station stays as it is
 */
export async function untilCleared(
  at: Station,
  { files, clears }: { files: number; clears: boolean },
  advance: Advance,
): Promise<DockReceipts> {
  const deadline = Date.now() + settleMsMax
  for (;;) {
    const slots = await details(at.screen)
    if (clears) await sayClear(at.screen, slots)
    const all = slots.flatMap((detail) => detail.files)
    const cleared = all.filter((file) => (clears ? file.cleared === 'yes' : file.receipt === 'witnessed'))
    const kept = all.filter((file) => file.cleared === 'no' && isLasting(file))
    advance(cleared.length + kept.length)
    if (cleared.length + kept.length === files || Date.now() > deadline) {
      const left = all.filter((file) => !cleared.includes(file))
      const why = left.map(({ name, receiptReason }) => ({
        name,
        why: receiptReason ?? 'the receipt is not witnessed',
      }))
      return { mayClear: cleared.length, of: files, kept: why }
    }
    await delay(pollMs)
  }
}

/** Of these people decide later: the device keeps its file. */
function isLasting({ receiptReason, read, receipt }: SlotDetail['files'][number]): boolean {
  return (
    read === 'failed' ||
    receipt === 'wrong' ||
    ['quarantined', 'damaged', 'duplicate_unread'].includes(receiptReason ?? '')
  )
}

async function handedIn({ system, station, screen }: Station, files: readonly DockedFile[]) {
  const judged: (HandedIn & { bytes: number })[] = []
  for (const { card, handInId } of await details(screen)) {
    if (handInId === null) continue
    const answer = await fetch(`${system.ingest}/hand-ins/${handInId}`, {
      headers: { authorization: `Bearer ${station.token}` },
    })
    // The list is on the station's spool, and not with the bureau yet.
    if (answer.status === 404) continue
    const list = (await answer.json()) as { files: HandInFile[] }
    for (const { name, bytes, state, uploadId, recordingId } of list.files) {
      if (!['sealed', 'quarantined', 'duplicate'].includes(state) || uploadId === null) continue
      const raw = Buffer.from(name, 'base64')
      const file = files.find((one) => one.serial === card.serial && one.rawName.equals(raw))
      const result: UploadState = { state, recordingId }
      if (file) judged.push({ file, uploadId, result, bytes })
    }
  }
  return judged
}

async function details(screen: string): Promise<SlotDetail[]> {
  const { slots } = await ask<ScreenState>(screen, '/screen/state')
  const used = slots.filter(({ word }) => word !== 'empty')
  return Promise.all(used.map(({ slot }) => ask<SlotDetail>(screen, `/screen/slots/${slot}`)))
}

async function sayClear(screen: string, slots: readonly SlotDetail[]): Promise<void> {
  for (const { card, policy, files } of slots) {
    const waits = files.some((file) => file.receipt === 'witnessed' && file.cleared === 'no')
    if (policy === 'ask' && waits) await ask(screen, `/screen/slots/${card.slot}/clear`, null)
  }
}

/** As an officer does who puts the card of his camera into the reader and taps its name. */
async function answerWhose(screen: string, files: readonly DockedFile[]): Promise<void> {
  const { slots } = await ask<ScreenState>(screen, '/screen/state')
  const serials = [...new Set(files.map(({ serial }) => serial))]
  for (const { slot } of slots.filter(({ word }) => word === 'asking')) {
    await ask(screen, `/screen/slots/${slot}/whose`, { answer: 'ours', serial: serials[slot - 1] })
  }
}

async function ask<T>(screen: string, path: string, body?: unknown): Promise<T> {
  const isJson = body !== undefined && body !== null
  const response = await fetch(`${screen}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { origin: screen, ...(isJson && { 'content-type': 'application/json' }) },
    body: isJson ? JSON.stringify(body) : undefined,
  })
  const text = await response.text()
  if (!response.ok) throw new Fault('bad_request', `the station's screen, ${path}: ${response.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
