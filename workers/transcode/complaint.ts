/** The last line of a program's complaints, short enough to keep and without paths of ours. Pure. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const last = lines.findLast((line) => line !== '') ?? 'no message'
  return last
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/\/(in|out)\//g, '')
    .trim()
    .slice(0, 300)
}
