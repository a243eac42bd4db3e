// A shift end at the demo's station: devices go in, things go wrong, and every file is followed to its end.

import { setTimeout as delay } from 'node:timers/promises'
import type { SlotDetail, SlotFile } from '../../../services/dock/screen/schemas.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import type { System } from '../system.ts'
import type { DockedFile, UploadState } from './dock-client.ts'
import type { Advance } from './progress.ts'
import type { DockReceipts } from './receipts.ts'
import type { Screen } from './screen.ts'
import type { ShiftDevice } from './shift.ts'
import type { EnrolledStation } from './station.ts'
import type { HandedIn } from './story.ts'
import type { Docked } from './wall.ts'

const settleMsMax = 600_000
const pollMs = 1000

interface HandInFile {
  /** base64 of the raw bytes. */
  readonly name: string
  readonly state: string
  readonly uploadId: string | null
  readonly recordingId: string | null
}

/** Waits until each of these files is sealed, quarantined or known; `advance` is told the bytes of all that the wall has sent. */
export async function untilHandedIn(
  at: { system: System; station: EnrolledStation; screen: Screen },
  files: readonly DockedFile[],
  advance: Advance,
): Promise<HandedIn[]> {
  const deadline = Date.now() + settleMsMax
  for (;;) {
    const cards = await at.screen.cards()
    advance(cards.reduce((sum, { bytes }) => sum + bytes.sent, 0))
    const slots = cards.filter(({ serial }) => files.some((file) => file.serial === serial)).map(({ slot }) => slot)
    const handed = (await Promise.all(slots.map((slot) => handedInAt(at, slot, files)))).flat()
    if (handed.length === files.length) return handed
    if (Date.now() > deadline) throw new Fault('not_ready', `${handed.length} of ${files.length} files are sealed`)
    await delay(pollMs)
  }
}

async function handedInAt(
  { system, station, screen }: { system: System; station: EnrolledStation; screen: Screen },
  slot: number,
  files: readonly DockedFile[],
): Promise<HandedIn[]> {
  const { card, handInId } = await screen.touch(slot)
  if (handInId === null) return []
  const answer = await fetch(`${system.ingest}/hand-ins/${handInId}`, {
    headers: { authorization: `Bearer ${station.token}` },
  })
  // The list is on the station's spool, and not with the bureau yet.
  if (answer.status === 404) return []
  const list = (await answer.json()) as { files: HandInFile[] }
  return list.files.flatMap(({ name, state, uploadId, recordingId }) => {
    const raw = Buffer.from(name, 'base64')
    const file = files.find((one) => one.serial === card.serial && one.rawName.equals(raw))
    const isJudged = ['sealed', 'quarantined', 'duplicate'].includes(state)
    if (!file || !isJudged || uploadId === null) return []
    const result: UploadState = { state, recordingId }
    return [{ file, uploadId, result }]
  })
}

/**
 * Waits until the station has cleared what it may, and shows why it keeps the rest. Where the bureau's setting is to ask, an
 * officer says [清空], but not of the device that is to show what happens when nobody does.
 *
 * @throws unproven when a file that should be cleared is kept for good; not_ready when it takes too long
 */
export async function untilCleared(screen: Screen, docked: readonly Docked[], advance: Advance): Promise<DockReceipts> {
  const clears = docked.some(({ volume }) => volume !== null)
  const stays = clears ? docked.flatMap(({ device }) => device.stays).length : 0
  const of = docked.reduce((sum, { device }) => sum + device.files.length, 0)
  const deadline = Date.now() + settleMsMax
  for (;;) {
    const cards = (await screen.cards()).filter(({ word }) => word !== 'taken')
    const slots = await Promise.all(cards.map(({ slot }) => screen.touch(slot)))
    if (clears) await sayClear(screen, slots, docked)
    const settled = docked.reduce((sum, { device }) => sum + settledOf(device, slots, clears), 0)
    advance(settled)
    // What stays is named when the devices themselves are looked at.
    if (settled === of) return { mayClear: of - stays, of, kept: [] }
    if (Date.now() > deadline) throw new Fault('not_ready', `${settled} of ${of} files are cleared or kept`)
    await delay(pollMs)
  }
}

/** How many files of a device have come to what is to become of them. */
function settledOf(
  { serial, plays, files, stays }: ShiftDevice,
  slots: readonly SlotDetail[],
  clears: boolean,
): number {
  // It is not here any more.
  if (plays === 'emergency' && clears) return files.length
  const shown = slots.find(({ card }) => card.serial === serial)?.files ?? []
  return shown.filter((file) => {
    if (!clears) return file.receipt === 'witnessed'
    const isToStay = stays.some((one) => one.file.rawName.toString('utf8') === file.name)
    if (isToStay) return plays === 'bad_file' ? file.read === 'failed' : file.receipt === 'witnessed'
    refuseLasting(serial, file)
    return file.cleared === 'yes'
  }).length
}

/** @throws unproven for a file that nothing but people will let go */
function refuseLasting(serial: string, { name, receipt, receiptReason, read, cleared }: SlotFile): void {
  const isLasting = ['quarantined', 'damaged'].includes(receiptReason ?? '')
  if (!isLasting && receipt !== 'wrong' && read !== 'failed' && cleared !== 'failed') return
  throw new Fault('unproven', `${serial} keeps ${name}: ${JSON.stringify({ receipt, receiptReason, read, cleared })}`)
}

async function sayClear(screen: Screen, slots: readonly SlotDetail[], docked: readonly Docked[]): Promise<void> {
  const left = docked.flatMap(({ device }) => (device.plays === 'not_cleared' ? [device.serial] : []))
  for (const { card, policy, files } of slots) {
    if (policy !== 'ask' || left.includes(card.serial ?? '')) continue
    const waits = files.some((file) => file.receipt === 'witnessed' && file.cleared === 'no')
    if (waits) await screen.say(card.slot, 'clear', null)
  }
}
