import { readFileSync } from 'node:fs'
import t from 'tap'
import { IsObject } from 'typebox'
import { type EventKind, eventKinds } from '../../../services/custody/events/kinds.ts'
import { onceKeys, onceTable } from '../../../services/ledger/format/once.ts'

t.test('the page has the same table', async (t) => {
  const page = readFileSync('services/ledger/DESIGN.md', 'utf8')
  const table = page.slice(page.indexOf('**Once.**'), page.indexOf('**Statements.**'))
  const cells = [...table.matchAll(/^\| (`.*?) \| (.*?) \| (.*?) \|$/gm)].map(([, ...row]) =>
    row.map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word)),
  )
  t.same(
    cells,
    onceTable.map(({ kinds, subject, olderSubject, members, truth }) => [
      [...kinds],
      [subject, ...(olderSubject === undefined ? [] : [olderSubject])],
      [...members, ...(truth === undefined ? [] : [truth])],
    ]),
  )
})

t.test('each kind of the table has the subject and the members by which it is told', async (t) => {
  for (const { kinds, subject, members, truth } of onceTable) {
    for (const kind of kinds) {
      const { subjects, shape } = eventKinds[kind as EventKind]
      t.ok(Object.hasOwn(subjects, subject), `${kind}: ${subject}`)
      const declared = IsObject(shape) ? Object.keys(shape.properties) : []
      for (const member of [...members, ...(truth ? [truth] : [])])
        t.ok(declared.includes(member), `${kind}: ${member}`)
    }
  }
})

t.test('an event is told by what it happens to, and by the texts that say which of several it is', async (t) => {
  const keysOf = (kind: string, subjects: string[], details = {}) =>
    onceKeys({
      kind,
      subjects: subjects.map((one) => ({ type: one.split(':')[0]!, id: one.split(':')[1]! })),
      details,
    }).map(({ key }) => key)
  const made = keysOf('person.created', ['account:p', 'person:p'])
  t.equal(made.length, 1)
  t.same(keysOf('person.created', ['person:p']), made, 'an older event of the same account')
  t.notSame(keysOf('person.created', ['account:q']), made)
  t.not(keysOf('dock.registered', ['dock:p'])[0], made[0])
  t.same(keysOf('person.opened', ['account:p']), [], 'it does not say which opening')
  t.not(
    keysOf('person.opened', ['account:p'], { openingId: '1' })[0],
    keysOf('person.opened', ['account:p'], { openingId: '2' })[0],
  )
  const [first] = keysOf('person.released', ['account:p'], { openingId: '1' })
  t.not(keysOf('person.released', ['account:p'], { openingId: '1', isSecond: true })[0], first, 'the other office')
  t.equal(keysOf('person.released', ['account:p'], { openingId: '1', isSecond: false })[0], first)
  t.same(keysOf('person.disabled', ['account:p'], { shuttingId: '1' }).length, 2, 'of the account, and of the request')
  t.same(keysOf('package.signed', ['package:p']), keysOf('package.refused', ['package:p']))
  t.same(keysOf('package.contents', ['package:p']), [], 'a making that begins again enters its contents again')
})
