import type { Right, Seen, Sounding } from './case.ts'
import type { Found } from './measure.ts'

// What is right and what was found, in the words of the table.

export function rightText(right: Right): string {
  if (right.kind === 'not_playable') return `not playable: ${right.reason}`
  const told = right.differences.length > 0 ? `told: ${right.differences.join(', ')}` : ''
  if (right.kind === 'still') return joined(sizeText(right.picture), told)
  const pictures = right.kind === 'video' ? [right.picture, ...(right.furtherPictures ?? [])] : []
  return joined(seconds(right.lengthMs), pictures.map(sizeText).join(' + '), soundsText(right.sound), told)
}

export function foundText(found: Found): string {
  if (found.kind === 'not_playable') return `not playable: ${found.reason}`
  const told = found.differences.length > 0 ? `told: ${found.differences.join(', ')}` : ''
  if (found.kind === 'still') return joined(sizeText(found.picture), told)
  return joined(seconds(found.wholeMs), found.pictures.map(sizeText).join(' + '), soundsText(found.sound), told)
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('; ')
const sizeText = ({ width, height }: Seen): string => `${width}×${height}`
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

/** Channels that are heard at the same time share one entry. */
function soundsText(sound: readonly Sounding[]): string {
  const byTime = new Map<string, string[]>()
  for (const { track, channel, fromMs, toMs } of sound) {
    const time = `${(fromMs / 1000).toFixed(2)}–${seconds(toMs)}`
    byTime.set(time, [...(byTime.get(time) ?? []), `${track + 1}.${channel + 1}`])
  }
  return [...byTime].map(([time, channels]) => `sound ${channels.join(' ')} ${time}`).join(', ')
}
