// The station's screen as the demo's officers use it: they see what it shows, and touch it.

import type { ScreenState, SlotCard, SlotDetail } from '../../../services/dock/screen/schemas.ts'
import { Fault } from '../../../services/foundation/errors.ts'

export interface Screen {
  /** Its address. */
  readonly address: string
  state(): Promise<ScreenState>
  /** Cards of slots that hold something. */
  cards(): Promise<SlotCard[]>
  /** What a touch of the card opens. */
  touch(slot: number): Promise<SlotDetail>
  /** Says something at a slot: `whose`, `explanations`, `pick-up`, `clear`. */
  say(slot: number, what: string, body: unknown): Promise<void>
}

export function screenAt(address: string): Screen {
  const ask = async (path: string, body?: unknown) => {
    const isJson = body !== undefined && body !== null
    const response = await fetch(`${address}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { origin: address, ...(isJson && { 'content-type': 'application/json' }) },
      body: isJson ? JSON.stringify(body) : undefined,
    })
    const text = await response.text()
    if (!response.ok) throw new Fault('bad_request', `the station's screen, ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  const state = async () => (await ask('/screen/state')) as ScreenState
  return {
    address,
    state,
    cards: async () => (await state()).slots.filter(({ word }) => word !== 'empty'),
    touch: async (slot) => (await ask(`/screen/slots/${slot}`)) as SlotDetail,
    say: async (slot, what, body) => {
      await ask(`/screen/slots/${slot}/${what}`, body)
    },
  }
}
