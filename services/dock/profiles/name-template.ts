/**
 * A vendor's grammar of names, written as a template: `{serial:7}_{officer:6}_{time}_{running:4}{mark}`.
 *
 * | field | stands for |
 * |---|---|
 * | `{serial:N}`, `{serial:N-M}` | 产品序号, N to M letters and digits |
 * | `{officer:N-M}` | 执法人员编号, letters and digits |
 * | `{time}` | `YYYYMMDDHHMMSS`, day and clock perhaps parted by one `-` or `_` |
 * | `{date}` | `YYYYMMDD`, perhaps with a `-` between its parts |
 * | `{running:N-M}` | the running number, digits |
 * | `{mark}` | nothing, or `-` or `_` and one of the profile's mark suffixes |
 * | `{text:N-M}` | anything but `/` |
 * | `[_-]` | one of these characters |
 * | `(…)` | may be left out |
 *
 * Everything else stands for itself; capitals and small letters are alike. Every field has an end, so that no name can make
 * the reading of it slow.
 */
export interface NameTemplate {
  readonly text: string
  readonly pattern: RegExp
}

/** What a name says. All of it is hearsay of the device. */
export interface NameFields {
  readonly serial: string | null
  readonly officerNumber: string | null
  /** `YYYY-MM-DD`, perhaps of no day there is; null where the template has no date. */
  readonly date: string | null
  /** `HH:MM:SS`, or null. */
  readonly clock: string | null
  readonly runningNumber: number | null
  readonly mark: boolean
}

const tokens = /\{(?<field>[a-z]+)(?::(?<least>\d{1,3})(?:-(?<most>\d{1,3}))?)?\}|\[(?<set>[^\]]+)\]|(?<bracket>[()])/g

/**
 * Reads a template.
 *
 * @param marks the suffixes of marked files, without their `_`
 * @throws Error that names what in the template cannot be understood
 */
export function compileTemplate(text: string, marks: readonly string[]): NameTemplate {
  let pattern = ''
  let depth = 0
  let end = 0
  for (const match of text.matchAll(tokens)) {
    pattern += literal(text.slice(end, match.index), text)
    end = match.index + match[0].length
    const { field, least, most, set, bracket } = match.groups!
    if (field) pattern += fieldPattern(field, [Number(least ?? 1), Number(most ?? least ?? 32)], marks)
    else if (set) pattern += `[${escaped(set)}]`
    else pattern += bracket === '(' ? '(?:' : ')?'
    if (bracket) depth += bracket === '(' ? 1 : -1
    if (depth < 0 || depth > 1)
      throw new Error(`the template ${text} has brackets that do not match or lie in each other`)
  }
  pattern += literal(text.slice(end), text)
  if (depth !== 0) throw new Error(`the template ${text} has a bracket that is not closed`)
  try {
    return { text, pattern: new RegExp(`^${pattern}$`, 'i') }
  } catch (error) {
    throw new Error(`the template ${text} names a field twice`, { cause: error })
  }
}

function fieldPattern(field: string, [least, most]: readonly [number, number], marks: readonly string[]): string {
  if (least < 1 || most < least || most > 255)
    throw new Error(`{${field}} of ${least} to ${most} characters is no field`)
  const count = `{${least},${most}}`
  switch (field) {
    case 'serial':
      return `(?<serial>[0-9A-Za-z]${count})`
    case 'officer':
      return `(?<officer>[0-9A-Za-z]${count})`
    case 'running':
      if (most > 9) throw new Error('{running} has at most 9 digits')
      return `(?<running>\\d${count})`
    case 'time':
      return '(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})[-_]?(?<hour>\\d{2})(?<minute>\\d{2})(?<second>\\d{2})'
    case 'date':
      return '(?<year>\\d{4})-?(?<month>\\d{2})-?(?<day>\\d{2})'
    case 'text':
      return `[^/]${count}`
    case 'mark':
      return marks.length === 0 ? '' : `(?:[-_](?<mark>${marks.map(escaped).join('|')}))?`
    default:
      throw new Error(`there is no field {${field}}`)
  }
}

/** @throws Error for a brace or bracket that belongs to no field */
function literal(part: string, template: string): string {
  if (/[{}[\]]/.test(part)) throw new Error(`the template ${template} has a brace or bracket that belongs to no field`)
  return escaped(part)
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** The fields of a name; null when it does not fit, or when its digits are no time that a clock shows. */
export function readByTemplate(template: NameTemplate, name: string): NameFields | null {
  const match = template.pattern.exec(name)
  if (!match) return null
  const groups = match.groups ?? {}
  const { year, month, day, hour, minute, second } = groups
  const hasDate = year !== undefined
  const hasClock = hour !== undefined
  // A day that the calendar does not have (30 February) is kept as it is said; a month 13 or a minute 71 is no time at all.
  if (hasDate && (Number(month) > 12 || Number(day) > 31)) return null
  if (hasClock && (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60)) return null
  return {
    serial: groups.serial ?? null,
    officerNumber: groups.officer ?? null,
    date: hasDate ? `${year}-${month}-${day}` : null,
    clock: hasClock ? `${hour}:${minute}:${second}` : null,
    runningNumber: groups.running === undefined ? null : Number(groups.running),
    mark: groups.mark !== undefined,
  }
}
