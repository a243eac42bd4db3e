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

const file = (kind: string, number: number, more: Details = {}) => ({ kind, number, bytes: 1, sha256: digest, ...more })
const published = (index: number, renditionId: string, files: JsonValue) =>
  event(index, 'rendition.published', { renditionId, inputSha256: digest, files })
const ready = (index: number, renditionId: JsonValue, details: Details = {}) =>
  event(index, 'rendition.ready', { renditionId, renditionKind: 'video', ...details })

/** Each track as its number, its kind and its pieces. */
function shownTracks(recording: ReturnType<typeof recordingOf>, renditionId: string) {
  return recording
    .tracks(renditionId)
    ?.map(({ track, kind, pieces }) => [track, kind, ...pieces.map((piece) => `${piece.kind} ${piece.number}`)])
}

t.test(
  'the pieces of a track come in the order in which they play, and one that names no track is of track 0',
  async (t) => {
    const first = published(2, 'a', [
      file('segment', 2),
      file('playlist', 0),
      file('init', 9),
      file('init', 0, { track: 4 }),
    ])
    const more = published(3, 'a', [
      file('segment', 1),
      file('segment', 0, { track: 4 }),
      file('segment', 0, { track: 0 }),
    ])
    const recording = recordingOf(sealed, first, more, published(4, 'b', []), ready(5, 'a'))
    t.same(shownTracks(recording, 'a'), [
      [0, 'video', 'init 9', 'segment 0', 'segment 1', 'segment 2'],
      [4, 'video', 'init 0', 'segment 0'],
    ])
    t.same(recording.inputs('a'), [digest, digest])
    t.same(recording.tracks('b'), [])
    const bad: JsonValue[] = [
      'x',
      [1],
      [file('segment', 1, { bytes: -1 })],
      [file('segment', 1.5)],
      [file('segment', 1, { track: -1 })],
      [file('segment', 1, { track: null })],
    ]
    for (const files of bad) t.equal(recordingOf(sealed, published(2, 'a', files), ready(3, 'a')).tracks('a'), null)
  },
)

t.test(
  'the tracks are those that the event names; nothing says their kind before the rendition is ready',
  async (t) => {
    const files = published(2, 'a', [file('still', 0, { track: 2 }), file('init', 0)])
    const tracksOf = (...events: ReturnType<typeof event>[]) => shownTracks(recordingOf(sealed, files, ...events), 'a')
    const named = (tracks: JsonValue) => tracksOf(ready(3, 'a', { tracks }))
    t.same(tracksOf(), [
      [0, null, 'init 0'],
      [2, null, 'still 0'],
    ])
    t.same(
      named([
        { track: 2, kind: 'still', name: 'x' },
        { track: 0, kind: 'audio' },
        { track: 1, kind: 'audio' },
      ]),
      [
        [0, 'audio', 'init 0'],
        [1, 'audio'],
        [2, 'still', 'still 0'],
      ],
    )
    t.same(named([]), [])
    t.same(tracksOf(ready(4, 'a', { tracks: [] }), ready(3, 'a')), [], 'the last event counts')
    const bad: JsonValue[] = [
      null,
      'x',
      [null],
      [{ track: 0 }],
      [{ kind: 'audio' }],
      [{ track: 0, kind: 'toString' }],
      [
        { track: 0, kind: 'audio' },
        { track: 0, kind: 'audio' },
      ],
    ]
    for (const tracks of bad) t.equal(named(tracks), undefined)
    t.equal(tracksOf(ready(3, 'a', { renditionKind: 'text' })), undefined)
  },
)

t.test('renditions are listed as they became ready, and an alarm about their bytes is noticed', async (t) => {
  const recording = recordingOf(sealed, ready(3, 'b'), ready(2, 'a'), ready(4, 7))
  t.same(recording.readyRenditions, ['a', 'b'])
  t.equal(recording.isRenditionDamaged, false)
  t.equal(recordingOf(sealed, event(2, 'alarm.raised', { alarm: 'copy_damaged' })).isRenditionDamaged, false)
  t.equal(recordingOf(sealed, event(2, 'alarm.raised', { alarm: 'rendition_bytes_differ' })).isRenditionDamaged, true)
})

t.test('length and digest count only when both are well formed', async (t) => {
  t.same(committedBytes({ bytes: 7, sha256: digest }), { bytes: 7, sha256: digest })
  const wrong: Details[] = [{ bytes: 7 }, { bytes: '7', sha256: digest }, { bytes: 7, sha256: digest.toUpperCase() }]
  for (const details of wrong) t.equal(committedBytes(details), null)
})

t.test('a preview is no rendition: no package holds it', async (t) => {
  const preview = event(2, 'rendition.preview_published', {
    ...{ renditionId: 'p', renditionKind: 'video', inputSha256: digest, files: [file('init', 0), file('segment', 0)] },
  })
  const ended = event(3, 'rendition.preview_ended', { renditionId: 'p', why: 'ready' })
  for (const events of [[preview], [preview, ended]]) {
    const recording = recordingOf(sealed, attached, ...events)
    t.same(recording.readyRenditions, [])
    t.same(recording.tracks('p'), [])
  }
})
