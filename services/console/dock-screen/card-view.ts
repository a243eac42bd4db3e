import type { Tone } from '../parts/tone.ts'
import type { SlotCard } from './types.ts'
import type { Words } from './words.zh.ts'

export interface CardView {
  readonly tone: Tone
  readonly word: keyof Words['big']
  /** What it means for the person in front of it. */
  readonly note: string
  /** A bar is shown while something goes on. */
  readonly stage: keyof Words['stage'] | null
}

/** How people are named where everybody may read it, as the bureau wants it. */
export type Names = 'name' | 'number' | 'both'

const stages = ['reading', 'uploading', 'checking', 'copying'] as const

/**
 * The one word of a card, and what goes with it. Green stands only for receipts that the agent verified itself: one for each
 * file. Whoever may leave reads so, whatever still goes on: that is the question people have in front of the wall.
 */
export function cardView(card: SlotCard, words: Words, names: Names): CardView {
  const { note } = words
  const stage = stages.find((word) => word === card.word) ?? null
  const isProven = card.files.total > 0 && card.files.receipts === card.files.total
  if (card.isPickedUp) {
    return { tone: 'waits', word: 'pickedUp', note: note.pickedUp(card.files.onDevice), stage: null }
  }
  switch (card.word) {
    case 'attention':
      return { tone: 'wrong', word: 'attention', note: attentionNote(card, words), stage: null }
    case 'asking':
      return { tone: 'waits', word: 'asking', note: note.asking, stage: null }
    case 'unread':
      return { tone: 'waits', word: 'unread', note: note.unread, stage: null }
    case 'provisional':
      return { tone: 'waits', word: 'provisional', note: note.provisional, stage: null }
    case 'ready':
      return isProven
        ? { tone: 'proven', word: 'ready', note: note.ready(card.files.total), stage: null }
        : { tone: 'normal', word: 'charging', note: note.charging, stage: null }
    case 'charging':
      if (card.check && card.check.unfit.length > 0) {
        return { tone: 'waits', word: 'charging', note: checkNote(card, words, names), stage: null }
      }
      return isProven
        ? { tone: 'proven', word: 'ready', note: note.ready(card.files.total), stage: null }
        : { tone: 'normal', word: 'charging', note: note.charging, stage: null }
    case 'empty':
      return { tone: 'none', word: 'empty', note: note.empty, stage: null }
    case 'taken':
      return {
        tone: card.check && card.check.unfit.length > 0 ? 'waits' : 'none',
        word: 'taken',
        note: checkNote(card, words, names),
        stage: null,
      }
    default:
      return card.mayLeave
        ? { tone: 'running', word: 'mayLeave', note: note.mayLeave, stage }
        : { tone: 'running', word: card.word, note: note.wait, stage }
  }
}

/** Its device was taken out: nothing that rests on a device in its slot can be said any more. */
export function isOut({ word, attention }: Pick<SlotCard, 'word' | 'attention'>): boolean {
  return word === 'taken' || attention?.word === 'pulled_out'
}

/** Of a device that is charged or was just lifted: what to take instead, or who takes it. */
function checkNote(card: SlotCard, words: Words, names: Names): string {
  const { check } = card
  if (!check) return words.note.taken
  const [first] = check.unfit
  if (first) return words.note.unfit(unfitText(first, card, words), check.instead?.slot ?? null)
  return check.taker ? words.note.takenBy(nameOf(check.taker, names)) : words.note.whoTakes
}

type Unfit = NonNullable<SlotCard['check']>['unfit'][number]

export function unfitText(unfit: Unfit, { batteryPercent, check }: SlotCard, { unfitWords }: Words): string {
  if (unfit === 'battery') return unfitWords.battery(batteryPercent ?? 0)
  return unfit === 'space' ? unfitWords.space(check?.freePercent ?? 0) : unfitWords[unfit]
}

function attentionNote({ attention }: SlotCard, words: Words): string {
  if (!attention) return ''
  return words.attention[attention.word].short(attention.count ?? 1)
}

/** Whose card it is, as the setting of the bureau wants it: name, number or both; what is known of the device otherwise. */
export function whoOf(
  { person, word, serial }: Pick<SlotCard, 'person' | 'word' | 'serial'>,
  names: Names,
  frame: Words['frame'],
): string {
  if (!person) return word === 'empty' ? '' : serial === null ? frame.unregistered : frame.nobody
  return nameOf(person, names)
}

/** A person without a number is named. */
export function nameOf({ name, number }: { name: string; number: string | null }, names: Names): string {
  if (names === 'name') return name
  return names === 'number' ? (number ?? name) : `${name} ${number ?? ''}`.trim()
}
