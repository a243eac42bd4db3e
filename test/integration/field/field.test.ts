import t from 'tap'
import { fieldCases } from '../../field/cases.ts'
import { dockingCases } from '../../field/docking-cases.ts'
import { fillTable, firstOfEachId } from '../../field/table.ts'

// What people see, hear and are told of the files that devices really produce. Every third kind of the list, one file
// each; all of them are tried by `npm run field`.

t.setTimeout(480_000)

t.test('no two inputs have the same name, and each has a sentence', async (t) => {
  t.equal(new Set(fieldCases.map(({ file }) => file)).size, fieldCases.length)
  for (const { file, situation } of [...fieldCases, ...dockingCases]) t.match(situation, /^[A-Z].*\.$/, file)
})

t.test('what is served is what was recorded, or says what differs', async (t) => {
  const cases = firstOfEachId.filter(({ id }) => !id.startsWith('more-')).filter((_, place) => place % 3 === 0)
  const rows = await fillTable(t, { cases, folder: t.testdir() })
  t.equal(rows.length, cases.length)
  for (const { id, file, wrong } of rows) t.same(wrong, [], `${id} ${file}`)
})
