/**
 * Why a text can be kept neither by PostgreSQL nor in an event: it holds U+0000, or half of a surrogate pair. Null for a text
 * that can.
 */
export function textFault(text: string): string | null {
  if (text.includes('\0')) return 'contains the character U+0000, which no text may hold'
  return text.isWellFormed() ? null : 'contains half of a surrogate pair, which is no character'
}

/**
 * Where in a parsed value the first text stands that cannot be kept, names of members included, and why; null when there is
 * none. Bytes and streams are not looked into. However deep the value is, the stack does not grow.
 *
 * @param at the name of the value itself: `body`
 */
export function firstTextFault(value: unknown, at: string): { at: string; fault: string } | null {
  const waiting: { value: unknown; at: string }[] = [{ value, at }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value: one, at: place } = next
    if (typeof one === 'string') {
      const fault = textFault(one)
      if (fault) return { at: place, fault }
    } else if (isPlain(one)) {
      for (const [name, inner] of Object.entries(one)) {
        const fault = textFault(name)
        if (fault) return { at: place, fault: `has a member whose name ${fault}` }
        waiting.push({ value: inner, at: `${place}.${name}` })
      }
    }
  }
  return null
}

/** What a parser of JSON, queries or paths makes: lists, and objects of no class. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
