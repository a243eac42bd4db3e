// What is known of when a recording was made, how it is kept, and what is unusual about it.

import { timeText } from './amounts.js'
import { spoken, word } from './words.js'

/**
 * The time of recording by the device's clock, corrected where its error was measured; unknown where the device gave none.
 * When a file was handed in says nothing about when it was recorded: it is only named beside.
 */
export function recordedText({ correctedTime, deviceTime, deviceTimeText, flags, sealedAt }) {
  const say = word('recorded')
  const time = correctedTime ?? deviceTime
  const notes = []
  if (time === null && deviceTimeText !== null) notes.push(`${say.deviceSays} ${deviceTimeText}`)
  if (time === null) notes.push(`${say.handedIn} ${timeText(sealedAt)}`)
  if (flags.includes('clock_implausible')) notes.push(say.implausible)
  else if (time !== null && correctedTime === null) notes.push(say.uncorrected)
  const text = time === null ? say.unknown : timeText(time)
  return notes.length === 0 ? text : say.withNotes.replace('{text}', text).replace('{notes}', notes.join(say.comma))
}

/** Where a recording stands: in quarantine, kept apart by two people, or the state of its copies. */
export function stateWord({ quarantineReason, quarantineEndedAt, state }) {
  if (quarantineReason === null) return word('states')[state]
  return word(quarantineEndedAt === null ? 'quarantined' : 'keptApart')
}

/** The same, with a sentence that says why where the recording cannot be viewed because of it. */
export function stateText(recording) {
  const { quarantineReason, quarantineEndedAt } = recording
  if (quarantineReason === null) return stateWord(recording)
  return word(quarantineEndedAt === null ? 'untilResolved' : 'notViewed')
    .replace('{text}', stateWord(recording))
    .replace('{reason}', word('quarantineReasons')[quarantineReason] ?? quarantineReason)
}

/** Who used the device, and how that is known. */
export function userText({ user, userGradeWords }) {
  const grade = spoken(userGradeWords)
  return user ? withMore(user.name, grade) : grade
}

/** How the file came to the dock, as its signed list says. */
export function originText({ origin }) {
  if (!origin) return word('originUnstated')
  const text = spoken(origin.words)
  return origin.from === null ? text : withMore(text, origin.from)
}

function withMore(text, more) {
  return word('withMore').replace(/\{(text|more)\}/g, (_, name) => ({ text, more })[name])
}

/** A sentence for each flag of a recording. */
export function flagSentences({ flags }) {
  return flags.map((flag) => word('flags')[flag] ?? flag)
}
