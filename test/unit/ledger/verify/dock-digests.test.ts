import t from 'tap'
import type { JsonValue } from '../../../../services/ledger/format/canonical.ts'
import type { EventBody } from '../../../../services/ledger/format/entry.ts'
import { type FileDigest, fileDigestBytes } from '../../../../services/ledger/format/file-digest.ts'
import { filesRootOf } from '../../../../services/ledger/format/hand-in-list.ts'
import { signBytes } from '../../../../services/ledger/format/keys.ts'
import { dockDigestFaults } from '../../../../services/ledger/verify/dock-digests.ts'
import { handInFaults } from '../../../../services/ledger/verify/hand-ins.ts'
import { listingsOf } from '../../../../services/ledger/verify/sealings.ts'
import type { ShownHandIn } from '../../../../services/ledger/verify/shown-hand-in.ts'
import { caseEvents } from '../../../support/package/sample-case.ts'
import type { PlannedEvent } from '../../../support/package/sample-log.ts'
import { hexOf, sampleRecordings } from '../../../support/package/sample-recordings.ts'
import { dockKey, handInIdOf, handInLine, sampleList } from '../../../support/package/sample-registers.ts'

const seed = 'digests'
const [film] = sampleRecordings(seed) as [ReturnType<typeof sampleRecordings>[number]]
const id = handInIdOf(seed, film)
const [line] = handInLine(seed, film).lines as unknown as [ShownHandIn['lines'][number]]
/** The line as it stands there when the dock had not read the file: these tests do not prove it. */
const shown: readonly ShownHandIn[] = [{ handInId: id, lines: [{ ...line, line: { ...line.line, sha256: null } }] }]
const subjects = [`hand-in-list:${id}`]
const sound = caseEvents(seed, [film], true)
const right: FileDigest = {
  v: 1,
  filesRoot: filesRootOf(sampleList(seed, film).digests).toString('hex'),
  number: 1,
  sha256: hexOf('sha256', film.original),
  sm3: hexOf('sm3', film.original),
}

function signatureOf(change: Partial<FileDigest> = {}, key = dockKey(seed)): string {
  return signBytes(key, fileDigestBytes({ ...right, ...change })).toString('base64')
}

/** The events, with these members in the details of the sealing besides a sound digest. */
function sealedWith(details: PlannedEvent['details'], events: readonly PlannedEvent[] = sound): PlannedEvent[] {
  const said = { declaredSha256: right.sha256, dockDigest: { signature: signatureOf(), sm3: right.sm3 } }
  return events.map((one) =>
    one.kind === 'recording.sealed' ? { ...one, details: { ...one.details, ...said, ...details } } : one,
  )
}

function bodiesOf(events: readonly PlannedEvent[]): EventBody[] {
  return events as unknown as EventBody[]
}

function faultsOf(events: readonly PlannedEvent[]): string[] {
  const placed = bodiesOf(events).map((body, index) => ({ index, body }))
  return dockDigestFaults(shown, subjects, placed, []).map(({ where, what }) => {
    t.equal(where, `recording ${film.id}`)
    return what
  })
}

const unsigned = [`the dock did not sign this digest of line 1 of hand-in ${id}`]

t.test('a digest that the dock of the hand-in signed has no fault, with SM3 or without', async (t) => {
  t.same(faultsOf(sealedWith({})), [])
  t.same(faultsOf(sealedWith({ dockDigest: { signature: signatureOf({ sm3: null }), sm3: null } })), [])
  t.same(faultsOf(sound), [], 'none is said, and none is missed')
})

t.test('a signature of another key, line, list or digest is none of this one', async (t) => {
  const { sm3 } = right
  const signatures = {
    key: signatureOf({}, dockKey(seed, 'another')),
    line: signatureOf({ number: 2 }),
    list: signatureOf({ filesRoot: '0'.repeat(64) }),
    digest: signatureOf({ sha256: '0'.repeat(64) }),
    sm3: signatureOf({ sm3: null }),
    base64: ` ${signatureOf()}`,
  }
  for (const [what, signature] of Object.entries(signatures)) {
    t.same(faultsOf(sealedWith({ dockDigest: { signature, sm3 } })), unsigned, what)
  }
  t.same(faultsOf(sealedWith({ dockDigest: { signature: signatureOf(), sm3: '0'.repeat(64) } })), unsigned)
  t.same(faultsOf(sealedWith({ declaredSha256: '0'.repeat(64) })), unsigned)
})

t.test('what is no digest of a dock is a fault', async (t) => {
  const wrong = ['it does not say which digest its dock signed']
  const signature = signatureOf()
  const none: JsonValue[] = [null, 'x', [], {}, { signature }, { signature, sm3: 'x' }, { signature: 1, sm3: null }]
  for (const dockDigest of none) {
    t.same(faultsOf(sealedWith({ dockDigest })), wrong, JSON.stringify(dockDigest))
  }
  t.same(faultsOf(sealedWith({ dockDigest: { signature, sm3: right.sm3, v: 1 } })), wrong)
  t.same(faultsOf(sealedWith({ declaredSha256: null })), wrong)
})

t.test('only a file that stands on a list has one', async (t) => {
  t.same(faultsOf(sealedWith({ flags: ['not_on_list'] })), [
    'its dock is said to have signed the digest of a file on no list',
  ])
  const noClaim = ['its dock is said to have signed the digest of a file whose upload claims no line']
  const unclaimed = sound.filter(({ kind }) => kind !== 'upload.created')
  t.same(faultsOf(sealedWith({}, unclaimed)), noClaim)
})

t.test('of a hand-in that is not shown, or at fault itself, nothing is said here', async (t) => {
  const events = sealedWith({ dockDigest: { signature: '', sm3: null } })
  const placed = bodiesOf(events).map((body, index) => ({ index, body }))
  t.same(dockDigestFaults([], [], placed, []), [], 'no event opens it')
  const twice = [...events, events.find(({ kind }) => kind === 'hand_in.opened')!]
  t.same(faultsOf(twice), [])
  const placedTwice = bodiesOf(twice).map((body, index) => ({ index, body }))
  t.match(handInFaults(shown, subjects, placedTwice, []), [{ what: '2 events open it, not one' }])
})

t.test('the recording stands on its list by its digest, unless the dock said another', async (t) => {
  const listed = (details: PlannedEvent['details']) => listingsOf(shown, subjects, bodiesOf(sealedWith(details)))
  const recording = `recording:${film.id}`
  t.same(listingsOf(shown, subjects, bodiesOf(sound)), { unlisted: [], byName: [recording] })
  t.same(listed({}), { unlisted: [], byName: [] })
  t.same(listed({ declaredSha256: '0'.repeat(64) }), { unlisted: [recording], byName: [] })
  const otherSm3 = { signature: signatureOf({ sm3: '0'.repeat(64) }), sm3: '0'.repeat(64) }
  t.same(faultsOf(sealedWith({ dockDigest: otherSm3 })), [], 'it is what the dock said')
  t.same(listed({ dockDigest: otherSm3 }), { unlisted: [recording], byName: [] })
})
