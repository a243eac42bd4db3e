import t from 'tap'
import type { JsonValue } from '../../../../services/ledger/format/canonical.ts'
import type { EventBody } from '../../../../services/ledger/format/entry.ts'
import { handInFaults } from '../../../../services/ledger/verify/hand-ins.ts'
import type { PlacedBody } from '../../../../services/ledger/verify/placed-body.ts'
import { listingsOf } from '../../../../services/ledger/verify/sealings.ts'
import type { ShownHandIn } from '../../../../services/ledger/verify/shown-hand-in.ts'
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
function faultsOf(
  change: (events: PlannedEvent[]) => PlannedEvent[] = (events) => events,
  lines = shown,
  loose: PlacedBody[] = [],
): string[] {
  const events = change([...sound]).map((event, index) => ({ index, body: event as unknown as EventBody }))
  return handInFaults(lines, [`hand-in-list:${id}`, 'case:1'], events, loose).map(({ where, what }) =>
    where === `hand-in ${id}` ? what : `${where}: ${what}`,
  )
}

const changed = (kind: string, change: Partial<PlannedEvent>) => (events: PlannedEvent[]) =>
  events.map((one) => (one.kind === kind ? { ...one, ...change } : one))
const said = (kind: string, details: Readonly<Record<string, JsonValue>>) => (events: PlannedEvent[]) =>
  events.map((one) => (one.kind === kind ? { ...one, details: { ...one.details, ...details } } : one))
const opened = sound.find(({ kind }) => kind === 'hand_in.opened')!
const created = sound.find(({ kind }) => kind === 'upload.created')!
const sealed = sound.find(({ kind }) => kind === 'recording.sealed')!

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
  t.same(faultsOf(changed('dock.released', { onBehalfOf: registrar })), unreleased, 'his deputy is no second person')
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
  const otherFile = `recording ${film.id}: the upload that claims line 1 of hand-in ${id} is of another file`
  t.same(faultsOf(said('upload.created', { bytes: 1 })), ['line 1 is of another file', otherFile])
  t.same(faultsOf(said('upload.created', { line: 2 }), of([2]))[0], 'line 2 is of another file')
  const ofAnother = created.subjects.map((one) => (one.type === 'device' ? { ...one, id: 'another' } : one))
  t.same(faultsOf(changed('upload.created', { subjects: ofAnother })), ['line 1 is of another file', otherFile])
})

t.test('what is sealed as standing on a list has an upload that claims a line of it', async (t) => {
  const ofFilm = (what: string) => [`recording ${film.id}: ${what}`]
  const claimed = `the upload that claims line 1 of hand-in ${id} is of another file`
  const noClaim = ofFilm(`it is said to stand on a list, and not one upload ${film.uploadId} claims a line of it`)
  const unlisted = [{ handInId: id, lines: [] }]
  t.same(faultsOf(said('upload.created', { onList: false }), unlisted), noClaim)
  t.same(faultsOf(said('upload.created', { line: null }), unlisted), noClaim)
  t.same(
    faultsOf((events) => events.filter(({ kind }) => kind !== 'upload.created'), unlisted),
    noClaim,
  )
  t.same(
    faultsOf((events) => [...events, created]),
    noClaim,
  )
  t.same(
    faultsOf(said('recording.sealed', { sha256: '0'.repeat(64) })),
    ofFilm(`the dock said another digest of line 1 of hand-in ${id} than what was sealed`),
  )
  t.same(
    faultsOf(said('upload.created', { declaredSha256: '0'.repeat(64) })),
    ofFilm(`the dock said another digest of line 1 of hand-in ${id} than what was sealed`),
  )
  t.same(faultsOf(said('recording.sealed', { bytes: 1 })), ofFilm(claimed))
  t.same(faultsOf(said('recording.sealed', { name: { base64: 'eA==', text: 'x' } })), ofFilm(claimed))
  const sealedOf = (type: string, id: string) =>
    changed('recording.sealed', { subjects: sealed.subjects.map((one) => (one.type === type ? { type, id } : one)) })
  t.same(faultsOf(sealedOf('device', 'another')), ofFilm(claimed))
  const without = sealed.subjects.filter(({ type }) => type !== 'hand_in')
  t.same(
    faultsOf(changed('recording.sealed', { subjects: without })),
    ofFilm('it is said to stand on a list, and not of which one hand-in and upload'),
  )
  const twin = (events: PlannedEvent[]) => {
    const subjects = (some: PlannedEvent['subjects']) =>
      some.map((one) => (one.type === 'upload' || one.type === 'recording' ? { ...one, id: `${one.id} too` } : one))
    return [...events, ...[created, sealed].map((one) => ({ ...one, subjects: subjects(one.subjects) }))]
  }
  t.same(faultsOf(twin), [`recording ${film.id} too: another recording was sealed as line 1 of hand-in ${id} already`])
})

t.test('what stands on no list says so by a flag, and what came under an older list is not known', async (t) => {
  const flagged = said('recording.sealed', { flags: ['not_on_list'] })
  t.same(faultsOf(flagged), [])
  const older = changed('recording.sealed', {
    subjects: sealed.subjects.map((one) => (one.type === 'hand_in' ? { ...one, id: 'older' } : one)),
  })
  t.same(faultsOf(older), [])
  const unlisted = (change: (events: PlannedEvent[]) => PlannedEvent[]) =>
    listingsOf(shown, [`hand-in-list:${id}`], change([...sound]) as unknown as EventBody[]).unlisted
  t.same(
    unlisted((events) => events),
    [],
  )
  t.same(unlisted(flagged), [`recording:${film.id}`])
  t.same(unlisted(older), [`recording:${film.id}`])
  const quarantined = (reason: string) => (events: PlannedEvent[]) =>
    said('recording.quarantined', { sha256: '0'.repeat(64), reason })(
      changed('recording.sealed', { kind: 'recording.quarantined' })(events),
    )
  t.same(faultsOf(quarantined('digest_differs')), [], 'in quarantine lies what differs from the list')
  t.same(unlisted(quarantined('digest_differs')), [`recording:${film.id}`], 'and it does not stand on it')
  t.same(unlisted(said('upload.created', { declaredSha256: '0'.repeat(64) })), [`recording:${film.id}`])
  t.same(faultsOf(quarantined('unknown_device')), [
    `recording ${film.id}: the dock said another digest of line 1 of hand-in ${id} than what was sealed`,
  ])
})

t.test('a line without a digest lists a file by name and size, and no second recording', async (t) => {
  const [line] = shown[0]!.lines as [ShownHandIn['lines'][number]]
  const unread = [{ handInId: id, lines: [{ ...line, line: { ...line.line, sha256: null } }] }]
  const of = (events: readonly PlannedEvent[], lines: readonly ShownHandIn[] = unread) =>
    listingsOf(lines, [`hand-in-list:${id}`], events as unknown as EventBody[])
  const [one, other] = [`recording:${film.id}`, `recording:${film.id} too`]
  t.same(of(sound, shown), { unlisted: [], byName: [] })
  t.same(of(sound), { unlisted: [], byName: [one] })
  t.same(of(said('recording.sealed', { sha256: '0'.repeat(64) })([...sound])), { unlisted: [], byName: [one] })
  const twin = [created, { ...sealed, kind: 'recording.quarantined' }].map((event) => ({
    ...event,
    subjects: event.subjects.map((subject) =>
      subject.type === 'upload' || subject.type === 'recording' ? { ...subject, id: `${subject.id} too` } : subject,
    ),
  }))
  const resolved = (details: PlannedEvent['details']) => ({
    ...sealed,
    kind: 'quarantine.resolved',
    subjects: [{ type: 'recording', id: `${film.id} too` }],
    details,
  })
  t.same(of([...sound, ...twin]).unlisted, [], 'what waits in quarantine takes no line')
  t.same(of([...sound, ...twin, resolved({ confirmed: true, outcome: 'keep' })]).unlisted, [])
  t.same(of([...sound, ...twin, resolved({ confirmed: false, outcome: 'accept' })]).unlisted, [])
  const both = [...sound, ...twin, resolved({ confirmed: true, outcome: 'accept' })]
  t.same(of(both), { unlisted: [one, other], byName: [] })
  t.same(of(both, shown).unlisted, [one, other])
})

t.test('a dock of before docks had a register was registered by an older event', async (t) => {
  const registered = sound.find(({ kind }) => kind === 'dock.registered')!
  const older = { index: 0, body: { ...registered, subjects: [registered.subjects[0]!] } as unknown as EventBody }
  const without = (events: PlannedEvent[]) =>
    events.map((one) => (one.kind === 'dock.registered' ? { ...one, kind: 'device.seen' } : one))
  t.same(faultsOf(without, shown, [older]), [])
  t.same(faultsOf(without), ['0 events register its dock, not one'])
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
  t.same(faultsOf(undefined, [...shown, { handInId: '~', lines: [] }]), ['hand-in ~: it is no hand-in of the case'])
})

t.test('an opening that does not say what the dock signed is none', async (t) => {
  const { head: _, ...details } = opened.details
  const wrong = ['its opening does not say what the dock signed']
  t.same(faultsOf(changed('hand_in.opened', { details }), [{ handInId: id, lines: [] }]), wrong)
  t.same(faultsOf(changed('hand_in.opened', { details })), wrong)
})
