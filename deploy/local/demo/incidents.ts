// What goes wrong at the demo's shift end, and what people do about it at the wall: each ends with a sentence that is true.

import { setTimeout as delay } from 'node:timers/promises'
import type { SlotCard } from '../../../services/dock/screen/schemas.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Screen } from './screen.ts'
import type { Plays } from './shift.ts'
import type { Docked } from './wall.ts'

const waitMsMax = 600_000
const pollMs = 200

/** Told when the wall shows something worth a picture; the incident goes on when it resolves. */
export type Moment = (what: 'cable_pulled' | 'gap_found' | 'card_asked', slot: number) => Promise<void>

export interface Incident {
  readonly serial: string
  /** What happened, in a sentence. */
  readonly happened: string
}

/** Plays all of them at once, as at 17:40 on a Friday. Only what can be pulled out is pulled out. */
export async function playIncidents(
  screen: Screen,
  docked: readonly Docked[],
  atMoment: Moment = async () => undefined,
): Promise<Incident[]> {
  const of = (plays: Plays) => docked.find(({ device }) => device.plays === plays)!
  const canPull = docked.some(({ volume }) => volume !== null)
  const played = await Promise.all([
    ...(canPull ? [cutCable(screen, of('cut_cable'), docked.length + 1, atMoment)] : []),
    ...(canPull ? [pickUpInEmergency(screen, of('emergency'))] : []),
    ...(canPull ? [sayWhoseCards(screen, docked, atMoment)] : []),
    explainGap(screen, of('gap'), atMoment),
  ])
  return played
}

/** The cable is pulled while the file is read, and the device put into another slot. */
async function cutCable(screen: Screen, { device, volume }: Docked, other: number, atMoment: Moment) {
  const { slot, bytes } = await cardOf(screen, device.serial, 'reads its long file', (card) => {
    const { read, total } = card.bytes
    return total > 0 && read >= total / 4 && read < total
  })
  await volume!.pull('gone')
  await cardOf(
    screen,
    device.serial,
    'says that it was pulled out',
    ({ attention }) => attention?.word === 'pulled_out',
  )
  await atMoment('cable_pulled', slot)
  await volume!.plugIn(other)
  await cardOf(screen, device.serial, 'is sent', (card) => card.slot === other && card.files.sent === 1)
  const percent = Math.round((bytes.read / bytes.total) * 100)
  const happened = `cut cable: pulled out when ${percent} % of ${megabytes(bytes.total)} were read, put into slot ${other}, and gone on with`
  return { serial: device.serial, happened }
}

/** [出警取用]: two touches, the card and the button; then it is gone. */
async function pickUpInEmergency(screen: Screen, { device, volume }: Docked) {
  const { slot, person } = await cardOf(screen, device.serial, 'is read', ({ files }) => files.read === 1)
  await screen.touch(slot)
  await screen.say(slot, 'pick-up', { personId: person?.id ?? null, reason: 'call_out' })
  await volume!.pull('gone')
  await cardOf(screen, device.serial, 'was taken', (card) => card.word === 'taken' && card.isPickedUp)
  const happened = `emergency pick-up: two touches, taken along with 1 of ${device.files.length} files unread; no alarm`
  return { serial: device.serial, happened }
}

/** A number is missing: two touches, the card and the reason. */
async function explainGap(screen: Screen, { device }: Docked, atMoment: Moment) {
  const { slot } = await cardOf(screen, device.serial, 'shows its gap', ({ gaps }) => gaps === 1)
  await atMoment('gap_found', slot)
  const { gaps } = await screen.touch(slot)
  const gap = gaps[0]!
  await screen.say(slot, 'explanations', { gapId: gap.id, reason: 'operating_error', words: null })
  const happened = `gap: ${gap.missingNumbers} number is missing; two touches, explained as an operating error`
  return { serial: device.serial, happened }
}

/** Cards of cameras, pens and drones name nobody: somebody taps whose each is. Two touches each. */
async function sayWhoseCards(screen: Screen, docked: readonly Docked[], atMoment: Moment) {
  const nameless = docked.filter(({ device }) => !device.serial.startsWith('ZJ'))
  const waiting = new Set(nameless)
  const endMs = Date.now() + waitMsMax
  let isFirst = true
  while (waiting.size > 0) {
    const cards = await screen.cards()
    for (const one of waiting) {
      const { slot, device } = one
      if (cards.find((card) => card.slot === slot)?.word !== 'asking') continue
      if (isFirst && device.serial.startsWith('HP')) {
        await atMoment('card_asked', slot)
        isFirst = false
      }
      await screen.say(slot, 'whose', { answer: 'ours', serial: device.serial })
      waiting.delete(one)
    }
    if (Date.now() > endMs) throw new Fault('not_ready', `${waiting.size} cards did not ask whose they are`)
    await delay(pollMs)
  }
  const drones = nameless.filter(({ device }) => device.serial.startsWith('HP'))
  const happened = `${nameless.length} cards name no device, ${drones.length} of drones among them: not read before somebody tapped whose each is`
  return { serial: drones[0]!.device.serial, happened }
}

/** Waits for the card of a device. @throws not_ready */
async function cardOf(
  screen: Screen,
  serial: string,
  what: string,
  is: (card: SlotCard) => boolean,
): Promise<SlotCard> {
  const endMs = Date.now() + waitMsMax
  for (;;) {
    const found = (await screen.cards()).filter((card) => card.serial === serial).find(is)
    if (found) return found
    if (Date.now() > endMs)
      throw new Fault('not_ready', `the wall did not show within ${waitMsMax / 1000} s that ${serial} ${what}`)
    await delay(pollMs)
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
