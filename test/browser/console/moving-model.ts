import { card, docked, people } from '../../../services/console/dock-screen/gallery/cards.ts'
import { detailOf, gaps } from '../../../services/console/dock-screen/gallery/details.ts'
import { devices, stateOf } from '../../../services/console/dock-screen/gallery/scenes.ts'
import type { ScreenState, SlotCard, SlotDetail } from '../../../services/dock/screen/schemas.ts'
import type { ScreenModel } from '../../../services/dock/screen/screen-model.ts'
import { Fault } from '../../../services/foundation/errors.ts'

type Change = Parameters<Parameters<ScreenModel['subscribe']>[0]>[0]

/** An agent without devices, whose cards a test moves by hand. What people said at the screen is kept in `said`. */
export interface MovingModel extends ScreenModel {
  readonly said: { readonly act: string; readonly slot: number; readonly body: unknown }[]
  move(card: SlotCard, detail?: Partial<SlotDetail>): void
  changeHead(changes: Partial<Omit<ScreenState, 'slots'>>): void
  readonly codes: { card: string; code: string }
}

const sessionMs = 90_000

export function movingModel(slots = 24): MovingModel {
  let state = stateOf(Array.from({ length: slots }, (_, index) => card(index + 1)))
  const details = new Map<number, SlotDetail>()
  const listeners = new Set<(change: Change) => void>()
  const said: MovingModel['said'] = []
  const codes = { card: '04A1B2C3', code: '482913' }
  const tell = (change: Change) => {
    for (const listener of listeners) listener(change)
  }
  const one = (slot: number) => {
    const found = state.slots.find((other) => other.slot === slot)
    if (!found) throw new Fault('not_found', 'there is no such slot')
    return found
  }
  const move = (next: SlotCard, changes: Partial<SlotDetail> = {}) => {
    state = { ...state, slots: state.slots.map((other) => (other.slot === next.slot ? next : other)) }
    const before = details.get(next.slot)
    details.set(next.slot, {
      ...detailOf(next),
      ...(before && { gaps: before.gaps, statements: before.statements }),
      ...changes,
    })
    tell({ card: next })
  }
  const keep = (act: string, slot: number, body: unknown = null) => {
    one(slot)
    said.push({ act, slot, body })
  }
  const signedIn = (slot: number, grade: 'card' | 'code') => ({
    person: one(slot).person ?? { id: 'p2', name: '李娜', number: '100245' },
    grade,
    endsAt: state.at + sessionMs,
  })
  return {
    said,
    codes,
    move,
    changeHead(changes) {
      state = { ...state, ...changes }
      const { slots: _, ...head } = state
      tell({ head })
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    slot: (slot) => details.get(slot) ?? detailOf(one(slot)),
    devicesFor: () => devices,
    async explain(slot, explanation) {
      keep('explain', slot, explanation)
      const detail = details.get(slot)!
      const explained = { reason: explanation.reason, words: explanation.words, grade: 'slot' as const }
      const next = detail.gaps.map((gap) => (gap.id === explanation.gapId ? { ...gap, explained } : gap))
      move({ ...one(slot), gaps: next.filter((gap) => gap.explained === null).length }, { gaps: next })
    },
    async say(slot, statement) {
      keep('say', slot, statement)
      const statements = [...details.get(slot)!.statements, { ...statement, grade: 'slot' as const }]
      move(one(slot), { statements })
    },
    whose: async (slot, answer) => {
      keep('whose', slot, answer)
      move(docked(slot, 'reading', 0))
    },
    handIns: async ({ fromMs, untilMs }) =>
      state.recent.filter(({ at }) => at >= fromMs && at < untilMs).sort((one, other) => other.at - one.at),
    peopleFor: () => [...people],
    async take(slot, taking) {
      keep('take', slot, taking)
      const taker = people.find(({ id }) => id === taking.personId) ?? null
      const before = one(slot)
      move({ ...before, check: before.check && { ...before.check, taker } })
    },
    async keepCard(slot, keptCard) {
      keep('keepCard', slot, keptCard)
      move({ ...one(slot), word: 'ready', attention: null }, { keptCard })
    },
    keep: async (slot) => {
      keep('keep', slot)
      move(one(slot), { isKeptThisTime: true })
    },
    clear: async (slot) => keep('clear', slot),
    pickUp: async (slot, pickUp) => {
      keep('pickUp', slot, pickUp)
      move({ ...one(slot), isPickedUp: true })
    },
    async signIn(slot, by) {
      keep('signIn', slot, by)
      if ('card' in by && by.card === codes.card) return signedIn(slot, 'card')
      if ('code' in by && by.code === codes.code) return signedIn(slot, 'code')
      throw new Fault('wrong_role', 'this card or code is not known')
    },
    stay: async (slot) => signedIn(slot, 'card'),
    signOut: (slot) => keep('signOut', slot),
    print: async () => {
      throw new Fault('not_ready', 'out of paper')
    },
    slip: async (slot) => `<!doctype html><title>${one(slot).slot}</title>`,
  }
}

/** A recorder in slot 2 that is being sent, with the two gaps of the gallery. */
export function withTwoGaps(model: MovingModel): number {
  model.move(docked(2, 'uploading', 0.5, { gaps: 2 }), { gaps: [...gaps] })
  return 2
}
