import { readCsv, refuseLines } from './csv.ts'

const works: Readonly<Record<string, boolean>> = {
  是: true,
  上班: true,
  yes: true,
  true: true,
  否: false,
  放假: false,
  no: false,
  false: false,
}

/**
 * Reads a table of holidays and working weekends: day (2026-10-01) and working (是/否, 上班/放假, yes/no, true/false).
 *
 * @throws bad_request naming every wrong line
 */
export async function readCalendar(path: string): Promise<{ day: string; isWorkingDay: boolean }[]> {
  const rows = await readCsv(path, { required: ['day', 'working'], optional: [] })
  const firstLines = new Map<string, number>()
  const problems = rows.flatMap(({ line, cells }) => {
    const { day = '', working = '' } = cells
    const wrong: string[] = []
    if (!isDay(day)) wrong.push(`day: a day of the calendar such as 2026-10-01 is expected: '${day}'`)
    if (!Object.hasOwn(works, working)) {
      wrong.push(`working: one of ${Object.keys(works).join(', ')} is expected: '${working}'`)
    }
    const first = firstLines.get(day)
    if (first === undefined) firstLines.set(day, line)
    else wrong.push(`day: ${day} stands in line ${first} already`)
    return wrong.map((problem) => ({ line, problem }))
  })
  refuseLines(path, problems)
  return rows.map(({ cells }) => ({ day: cells.day!, isWorkingDay: works[cells.working!]! }))
}

function isDay(text: string): boolean {
  const time = new Date(`${text}T00:00:00.000Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text)
}
