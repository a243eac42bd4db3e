import { readFile } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse/sync'
import { Fault } from '../foundation/errors.ts'
import { textFault } from '../foundation/stored-text.ts'

/** One line of a table: its number in the file (the head is line 1) and its cells by column, blanks around them gone. */
export interface CsvRow {
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

/**
 * Reads a table with a head line, in UTF-8 or, as older spreadsheets of the bureau write it, in GBK. `required` columns must be there, `optional` ones may be; others are refused.
 *
 * @throws bad_request naming file and line
 */
export async function readCsv(
  path: string,
  columns: { required: readonly string[]; optional: readonly string[] },
): Promise<CsvRow[]> {
  const rows = parseRows(path, await readText(path))
  const [head, ...body] = rows
  if (!head) throw new Fault('bad_request', `${path}: the file is empty`)
  const names = head.record.map((name) => name.trim())
  const missing = columns.required.filter((name) => !names.includes(name))
  const unknown = names.filter((name) => !columns.required.includes(name) && !columns.optional.includes(name))
  if (missing.length > 0 || unknown.length > 0 || new Set(names).size !== names.length) {
    const wanted = [...columns.required, ...columns.optional.map((name) => `[${name}]`)].join(',')
    throw new Fault('bad_request', `${path}: line 1 must name the columns ${wanted}; it says ${names.join(',')}`)
  }
  const problems = rows.flatMap(({ record, line }) => {
    const fault = record.map(textFault).find((one) => one !== null)
    return fault ? [{ line, problem: fault }] : []
  })
  refuseLines(path, problems)
  return body.map(({ record, line }) => ({
    line,
    cells: Object.fromEntries(names.map((name, place) => [name, (record[place] ?? '').trim()])),
  }))
}

/** Refuses a table as a whole, every wrong line named. */
export function refuseLines(path: string, problems: readonly { line: number; problem: string }[]): void {
  if (problems.length === 0) return
  const lines = problems.map(({ line, problem }) => `${path}: line ${line}: ${problem}`)
  throw new Fault('bad_request', `${lines.join('\n')}\nnothing was imported`)
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new Fault('bad_request', `${path} cannot be read: ${cause.message}`, { cause })
  })
  const text = decoded(bytes, 'utf-8') ?? decoded(bytes, 'gb18030')
  if (text === null) throw new Fault('bad_request', `${path}: neither UTF-8 nor GBK; save it as "CSV UTF-8"`)
  return text
}

function decoded(bytes: Buffer, encoding: 'utf-8' | 'gb18030'): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function parseRows(path: string, text: string): { record: string[]; line: number }[] {
  try {
    const parsed = parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as {
      record: string[]
      info: { lines: number }
    }[]
    return parsed.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (cause) {
    if (cause instanceof CsvError) throw new Fault('bad_request', `${path}: ${cause.message}`, { cause })
    throw cause
  }
}
