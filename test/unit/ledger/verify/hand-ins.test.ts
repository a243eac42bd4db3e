import t from 'tap'
import type { JsonValue } from '../../../../services/ledger/format/canonical.ts'
import type { EventBody } from '../../../../services/ledger/format/entry.ts'
import { handInFaults, type ShownHandIn } from '../../../../services/ledger/verify/hand-ins.ts'
import { caseEvents } from '../../../support/package/sample-case.ts'
import type { PlannedEvent } from '../../../support/package/sample-log.ts'
import { sampleRecordings } from '../../../support/package/sample-recordings.ts'
import { dockKey, handInEvent, handInIdOf, handInLine } from '../../../support/package/sample-registers.ts'

const seed = 'hand-ins'
const [film] = sampleRecordings(seed) as [ReturnType<typeof sampleRecordings>[number]]
const id = handInIdOf(seed, film)
const shown = [handInLine(seed, film)] as readonly ShownHandIn[]
const sound = caseEvents(seed, [film], true)

/** What is found when the ledger's events are changed so, and these lines are shown. */
function faultsOf(change: (events: PlannedEvent[]) => PlannedEvent[] = (events) => events, lines = shown): string[] {
  const events = change([...sound]).map((event, index) => ({ index, body: event as unknown as EventBody }))
  return handInFaults(lines, [`hand-in-list:${id}`, 'case:1'], events).map(({ handInId, what }) =>
    handInId === id ? what : `${handInId}: ${what}`,
  )
}

const changed = (kind: string, change: Partial<PlannedEvent>) => (events: PlannedEvent[]) =>
  events.map((one) => (one.kind === kind ? { ...one, ...change } : one))
const said = (kind: string, details: Readonly<Record<string, JsonValue>>) => (events: PlannedEvent[]) =>
  events.map((one) => (one.kind === kind ? { ...one, details: { ...one.details, ...details } } : one))
const opened = sound.find(({ kind }) => kind === 'hand_in.opened')!

t.test('a list that a released dock signed, with the line of the case, has no fault', async (t) => {
  t.same(faultsOf(), [])
})

t.test('the dock is one that two people had registered when it signed, and has its key', async (t) => {
  const unreleased = ['no second person had released its dock']
  t.same(
    faultsOf((events) => events.filter(({ kind }) => kind !== 'dock.released')),
    unreleased,
  )
  const registrar = sound.find(({ kind }) => kind === 'dock.registered')!.actor
  t.same(faultsOf(changed('dock.released', { actor: registrar })), unreleased)
  const released = sound.find(({ kind }) => kind === 'dock.released')!
  const late = (events: PlannedEvent[]) => [...events.filter(({ kind }) => kind !== 'dock.released'), released]
  t.same(faultsOf(late), unreleased, 'a release afterwards is none')
  const revoked = { ...released, kind: 'dock.revoked' }
  t.same(
    faultsOf((events) => events.flatMap((one) => (one.kind === 'hand_in.opened' ? [revoked, one] : [one]))),
    ['its dock had been revoked'],
  )
  t.same(
    faultsOf((events) => [...events, revoked]),
    [],
    'revoked afterwards, it had signed before',
  )
  t.same(faultsOf(changed('dock.registered', { kind: 'dock.seen' })), ['0 events register its dock, not one'])
  const another = dockKey(seed, 'another')
  t.same(faultsOf(said('dock.registered', { publicKey: another.publicKey.toString('hex') })), [
    'the dock that was registered did not sign its list',
  ])
  t.same(faultsOf(changed('hand_in.opened', handInEvent(seed, film, another))), [
    'the dock that was registered did not sign its list',
  ])
})

t.test('what was signed is what the event says', async (t) => {
  t.same(faultsOf(said('hand_in.opened', { openedAt: 'then' })), [
    'its list was not what the event says was signed',
    'the dock that was registered did not sign its list',
  ])
  t.same(faultsOf(said('hand_in.opened', { head: { v: 2 } })), ['its opening does not say exactly what was signed'])
  const more = { ...(opened.details.head as object), more: 1 }
  t.same(faultsOf(said('hand_in.opened', { head: more })), ['its opening does not say exactly what was signed'])
  t.same(
    faultsOf((events) => [...events, opened]),
    ['2 events open it, not one'],
  )
  t.same(faultsOf(changed('hand_in.opened', { kind: 'hand_in.seen' })), ['0 events open it, not one'])
})

t.test('the lines are those of the uploads of the case, as they were sealed', async (t) => {
  const of = (numbers: readonly number[]) => [handInLine(seed, film, numbers)] as readonly ShownHandIn[]
  t.same(faultsOf(undefined, of([])), ['line 1 is not shown'])
  t.same(faultsOf(undefined, of([0, 1])), ['line 0 is of no upload of the case'])
  t.same(faultsOf(undefined, of([1, 0])), ['its lines are not in their order', 'line 0 is of no upload of the case'])
  t.same(faultsOf(said('upload.created', { bytes: 1 })), ['line 1 is of another file'])
  t.same(faultsOf(said('upload.created', { line: 2 }), of([2])), ['line 2 is of another file'])
  t.same(faultsOf(said('recording.sealed', { sha256: '0'.repeat(64) })), [
    'line 1 has another digest than what was sealed',
  ])
  t.same(faultsOf(said('upload.created', { onList: false }), of([])), [], 'a file beside the list has no line')
})

t.test('a line that was changed is not on the list', async (t) => {
  const [{ line, path, salt }] = shown[0]!.lines as [ShownHandIn['lines'][number]]
  const off = ['line 1 is not on the list that was signed']
  const lineOf = (other: ShownHandIn['lines'][number]) => faultsOf(undefined, [{ handInId: id, lines: [other] }])
  t.same(lineOf({ line: { ...line, deviceTime: null }, path, salt }), off)
  t.same(lineOf({ line, path: path.slice(1), salt }), off)
  t.same(lineOf({ line, path, salt: '0'.repeat(64) }), off)
})

t.test('each hand-in of the case has its lines once, and no other has', async (t) => {
  t.same(faultsOf(undefined, []), ['it has no line'])
  t.same(faultsOf(undefined, [...shown, ...shown]), ['it is not in its order, or twice there'])
  t.same(faultsOf(undefined, [...shown, { handInId: '~', lines: [] }]), ['~: it is no hand-in of the case'])
})

t.test('of a list of the first version, which was signed as a whole, no line is shown', async (t) => {
  const { head: _, ...details } = opened.details
  t.same(faultsOf(changed('hand_in.opened', { details }), [{ handInId: id, lines: [] }]), [])
  t.same(faultsOf(changed('hand_in.opened', { details })), ['its list shows no single lines'])
})
