import { printable, type Terminal } from './terminal.ts'

/**
 * Prints a list, a line an entry. Of an empty one it says so on standard error: standard output holds entries only.
 *
 * @param nothing the sentence that says so
 */
export function tellLines(
  terminal: Terminal,
  language: 'zh' | 'en',
  lines: readonly string[],
  nothing: { readonly zh: string; readonly en: string },
): void {
  for (const line of lines) terminal.out(printable(line))
  if (lines.length === 0) terminal.err(nothing[language])
}
