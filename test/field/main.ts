// npm run field [-- ID…]
//
// Makes the field inputs (cases.ts), docks each by the real parts of the service on servers of its own, measures what a
// browser plays of what is served, and prints a line a case: what is right, what was found, `right` or WRONG. ID is that
// of a case (--help names them); without one all are tried. Exit code 1 when any is wrong, 2 when there is no such case.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allCases, fillTable, firstOfEachId, type Row, tableText } from './table.ts'

async function main(asked: readonly string[]): Promise<number> {
  const known = firstOfEachId.map(({ id }) => id)
  if (asked.includes('--help')) {
    process.stdout.write(`npm run field [-- ID…]\ncases: ${known.join(' ')}\n`)
    return 0
  }
  const unknown = asked.filter((id) => !known.includes(id))
  if (unknown.length > 0) {
    process.stderr.write(`no such case: ${unknown.join(' ')}\ncases: ${known.join(' ')}\n`)
    return 2
  }
  const folder = await mkdtemp(join(tmpdir(), 'custody-field-inputs-'))
  const ends: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const onRow = ({ id, file, wrong }: Row) => {
      process.stderr.write(`${id} ${file}: ${wrong.length === 0 ? 'right' : `WRONG: ${wrong.join('; ')}`}\n`)
    }
    const cases = asked.length > 0 ? allCases.filter(({ id }) => asked.includes(id)) : allCases
    const t = { teardown: (end: () => unknown) => ends.push(end) }
    const rows = await fillTable(t, { cases, folder, onRow })
    const wrong = rows.filter((row) => row.wrong.length > 0).length
    process.stdout.write(`${tableText(rows)}${rows.length - wrong} right, ${wrong} wrong\n`)
    return wrong === 0 ? 0 : 1
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

process.exitCode = await main(process.argv.slice(2))
