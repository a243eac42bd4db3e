import t from 'tap'
import type { JsonValue } from '../../../services/ledger/format/canonical.ts'
import { committedBytes, recordingsOf } from '../../../services/ledger/format/recordings.ts'

type Details = Record<string, JsonValue>

const digest = 'ab'.repeat(32)

/** An event about the recording 'r', and the case 'C' or another. */
function event(index: number, kind: string, details: Details = {}, caseNumber: string | null = null) {
  const subjects = [
    { type: 'recording', id: 'r' },
    ...(caseNumber === null ? [] : [{ type: 'case', id: caseNumber }]),
    { type: 'recording', id: 'r' },
  ]
  return { index, body: { kind, at: '2026-03-02T01:00:00.000Z', actor: 'a', actorRole: 'b', subjects, details } }
}

const sealed = event(0, 'recording.sealed', { bytes: 7, sha256: digest })
const attached = event(1, 'recording.attached', {}, 'C')
const recordingOf = (...events: ReturnType<typeof event>[]) => recordingsOf('C', events).get('r')!

t.test('a recording is in the case while the last move between it and the case says so', async (t) => {
  t.equal(recordingOf(sealed).withheld, 'not_in_case')
  t.equal(recordingOf(sealed, attached).withheld, null)
  t.equal(recordingOf(sealed, event(1, 'recording.attached', {}, 'D')).withheld, 'not_in_case')
  const detached = event(2, 'recording.detached', {}, 'C')
  t.equal(recordingOf(sealed, attached, detached).withheld, 'not_in_case')
  t.equal(recordingOf(detached, attached, sealed).withheld, 'not_in_case', 'by the ledger, not as they are listed')
  t.equal(recordingOf(sealed, attached, event(2, 'recording.detached', {}, 'D')).withheld, null)
})

t.test('what lies in quarantine is withheld until two people have accepted it', async (t) => {
  const quarantined = event(0, 'recording.quarantined', { bytes: 7, sha256: digest })
  const resolved = (details: Details) => event(2, 'quarantine.resolved', details)
  const withheld = (details: Details) => recordingOf(quarantined, attached, resolved(details)).withheld
  t.equal(recordingOf(quarantined, attached).withheld, 'quarantined')
  t.equal(withheld({ confirmed: false, outcome: 'accept' }), 'quarantined')
  t.equal(withheld({ confirmed: true, outcome: 'reject' }), 'quarantined')
  t.equal(withheld({ confirmed: true, outcome: 'accept' }), null)
})

t.test('each event that seals it is listed once, and SM3 is that of the first verification', async (t) => {
  t.equal(recordingOf(sealed).sealings.length, 1)
  t.equal(recordingOf(sealed, event(3, 'recording.sealed')).sealings.length, 2)
  t.equal(recordingOf(sealed).sm3, null)
  const verified = [event(5, 'recording.verified', { sm3: 'later' }), event(4, 'recording.verified', { sm3: 'first' })]
  t.equal(recordingOf(sealed, ...verified).sm3, 'first')
})

t.test('the pieces of a rendition come in the order in which they play', async (t) => {
  const file = (kind: string, number: number) => ({ kind, number, bytes: 1, sha256: digest })
  const published = (index: number, renditionId: string, files: JsonValue) =>
    event(index, 'rendition.published', { renditionId, inputSha256: digest, files })
  const first = published(2, 'a', [file('segment', 2), file('playlist', 0), file('init', 9)])
  const recording = recordingOf(sealed, first, published(3, 'a', [file('segment', 1)]), published(4, 'b', []))
  t.same(
    recording.pieces('a')?.map(({ kind, number }) => `${kind} ${number}`),
    ['init 9', 'segment 1', 'segment 2'],
  )
  t.same(recording.inputs('a'), [digest, digest])
  t.same(recording.pieces('b'), [])
  const bad: JsonValue[] = ['x', [1], [{ ...file('segment', 1), bytes: -1 }], [{ ...file('segment', 1), number: 1.5 }]]
  for (const files of bad) t.equal(recordingOf(sealed, published(2, 'a', files)).pieces('a'), null)
})

t.test('renditions are listed as they became ready, and an alarm about their bytes is noticed', async (t) => {
  const ready = (index: number, id: string) =>
    event(index, 'rendition.ready', { renditionId: id, renditionKind: 'video' })
  const recording = recordingOf(sealed, ready(3, 'b'), ready(2, 'a'))
  t.same(recording.readyRenditions, [
    { id: 'a', kind: 'video' },
    { id: 'b', kind: 'video' },
  ])
  t.equal(recording.isRenditionDamaged, false)
  t.equal(recordingOf(sealed, event(2, 'alarm.raised', { alarm: 'copy_damaged' })).isRenditionDamaged, false)
  t.equal(recordingOf(sealed, event(2, 'alarm.raised', { alarm: 'rendition_bytes_differ' })).isRenditionDamaged, true)
})

t.test('length and digest count only when both are well formed', async (t) => {
  t.same(committedBytes({ bytes: 7, sha256: digest }), { bytes: 7, sha256: digest })
  const wrong: Details[] = [{ bytes: 7 }, { bytes: '7', sha256: digest }, { bytes: 7, sha256: digest.toUpperCase() }]
  for (const details of wrong) t.equal(committedBytes(details), null)
})
