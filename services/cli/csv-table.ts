import { printable, type Terminal } from './terminal.ts'

/** A table that goes out: the names of its columns, and what stands in each row below them; null is an empty cell. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** A table as a file: a byte order mark, so that a spreadsheet knows that it is UTF-8, and CR LF. */
export function csvFile(table: Table): string {
  return `\ufeff${csvLines(table)
    .map((line) => `${line}\r\n`)
    .join('')}`
}

/** Prints a table, a row a line. A spreadsheet is told its encoding by the file; a pipe knows it. */
export function tellTable(terminal: Terminal, table: Table): void {
  for (const line of csvLines(table)) terminal.out(printable(line))
}

function csvLines({ columns, rows }: Table): string[] {
  return [columns, ...rows].map((row) => row.map(cell).join(','))
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front, and so does one that looks as if it had one. */
function cell(value: string | number | null): string {
  const text = String(value ?? '')
  const shown = typeof value === 'string' && /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown
}

/** What a cell says without the apostrophe that was put in front of it. */
export function withoutGuard(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text
}
