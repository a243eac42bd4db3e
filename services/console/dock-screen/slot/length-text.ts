import type { Words } from '../words.ts'

/** `6 分 12 秒`: the two largest units that say something. */
export function lengthText(ms: number, { slot }: Words): string {
  const seconds = Math.round(ms / 1000)
  const parts = [
    { count: Math.floor(seconds / 3600), text: slot.hours },
    { count: Math.floor(seconds / 60) % 60, text: slot.minutes },
    { count: seconds % 60, text: slot.seconds },
  ]
  const said = parts.filter(({ count }) => count > 0).slice(0, 2)
  return said.length === 0 ? slot.seconds(0) : said.map(({ count, text }) => text(count)).join(' ')
}
