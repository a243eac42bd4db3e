import type { JsonValue } from '../../../services/ledger/format/canonical.ts'
import { type Files, mendManifests, type SampleParts } from '../sample-package.ts'
import { assign, editJson, editRecordings, type Json, type Mutation, mended, packagePath } from './mutation.ts'
import { wrongLog } from './mutations-log.ts'
import type { PlannedEvent } from './sample-log.ts'
import { hexOf, playablePath, type SampleRecording } from './sample-recordings.ts'

/** Packages whose playable forms are not the tracks of the rendition. */
export const trackMutations: readonly Mutation[] = [
  ...filesOfTracks(),
  ...linesOfTracks(),
  ...tracksInTheLedger(),
  ...neverReady(),
  mended(
    'footage that is listed and gone, and package.json says that there is none',
    'contents_differs',
    ({ files }) => {
      for (const path of [...files.keys()]) if (/^data\/(originals|playable)\//.test(path)) files.delete(path)
      editJson(files, packagePath, (claims) => assign(claims, { withFootage: false }))
    },
  ),
]

function filmOf({ recordings }: SampleParts): SampleRecording {
  return recordings[0]!
}

/** Files that are not those of their track. */
function filesOfTracks(): Mutation[] {
  const file = (what: string, expect: string, change: (files: Files, film: SampleRecording) => void): Mutation =>
    mended(`tracks: ${what}`, expect, ({ files, parts }) => change(files, filmOf(parts)))
  return [
    file('one left out of the package', 'rendition_missing', (files, film) => {
      files.delete(playablePath(film, 1))
      editRecordings(files, ([line]) => assign(line, { playable: line.playable.toSpliced(1, 1) }))
    }),
    file('one not listed', 'rendition_missing', (files) => {
      editRecordings(files, ([line]) => assign(line, { playable: line.playable.slice(0, 2) }))
    }),
    file('one listed and not there', 'rendition_missing', (files, film) => files.delete(playablePath(film, 2))),
    file('two files exchanged', 'rendition_differs', (files, film) => {
      const [one, other] = [files.get(playablePath(film, 0))!, files.get(playablePath(film, 1))!]
      files.set(playablePath(film, 0), other)
      files.set(playablePath(film, 1), one)
    }),
    file('a piece of one in the other', 'rendition_differs', (files, film) => {
      const [main, second] = film.tracks
      const bytes = Buffer.concat(main!.pieces.with(3, second!.pieces[3]!))
      files.set(playablePath(film), bytes)
      editRecordings(files, ([line]) => assign(line.playable[0]!, { sha256: hexOf('sha256', bytes) }))
    }),
    file('the init section of one on the other', 'rendition_differs', (files, film) => {
      const [main, second] = film.tracks
      files.set(playablePath(film, 1), Buffer.concat(second!.pieces.with(0, main!.pieces[0]!)))
    }),
    file('all in one file', 'rendition_differs', (files, film) => {
      files.set(playablePath(film), Buffer.concat(film.tracks.flatMap(({ pieces }) => pieces)))
    }),
    file('a path with a leading zero', 'recording_differs', (files, film) => {
      const path = playablePath(film).replace('-0.', '-00.')
      files.set(path, files.get(playablePath(film))!)
      files.delete(playablePath(film))
      editRecordings(files, ([line]) => assign(line.playable[0]!, { path }))
    }),
  ]
}

/** Lists of tracks that are not those of the ledger. */
function linesOfTracks(): Mutation[] {
  const list = (what: string, expect: string, change: (tracks: Json[], sound: Json[]) => JsonValue): Mutation =>
    mended(`tracks: ${what}`, expect, ({ files }) =>
      editRecordings(files, ([film, sound]) => assign(film, { playable: change(film.playable, sound.playable) })),
    )
  const second = (what: string, expect: string, members: Json): Mutation =>
    list(what, expect, (tracks) => tracks.with(1, { ...tracks[1]!, ...members }))
  return [
    list('in another order', 'recording_differs', ([one, other, last]) => [other!, one!, last!]),
    list('one twice', 'recording_differs', (tracks) => [...tracks, tracks.at(-1)!]),
    list('one unknown', 'recording_differs', (tracks) => [
      ...tracks,
      { ...tracks[2]!, track: 3, path: (tracks[2]!.path as string).replace('-2.', '-3.') },
    ]),
    list('two numbers exchanged', 'recording_differs', ([one, other, last]) => [
      { ...other!, track: 0 },
      { ...one!, track: 1 },
      last!,
    ]),
    list('one of another recording', 'recording_differs', (tracks, [sound]) => [...tracks, { ...sound!, track: 3 }]),
    list('of the other recording alone', 'recording_differs', (_, sound) => sound),
    second('of two renditions', 'recording_differs', { renditionId: 'another' }),
    second('another kind', 'recording_differs', { kind: 'video' }),
    second('a kind that is none', 'package_malformed', { kind: 'text' }),
    second('no kind', 'package_malformed', { kind: null }),
    second('a number below zero', 'package_malformed', { track: -1 }),
    second('a number that is a text', 'package_malformed', { track: '1' }),
    second('a member more', 'package_malformed', { name: '' }),
    list('null', 'package_malformed', () => null),
    list('one object', 'package_malformed', ([one]) => one!),
    list('an object of numbers', 'package_malformed', ([one]) => ({ '0': one! })),
    list('a null among them', 'package_malformed', (tracks) => [...tracks, null]),
  ]
}

/** Logs that say of the film's rendition something else than what is in the package. */
function tracksInTheLedger(): Mutation[] {
  const ready = (what: string, expect: string, change: (details: Json) => Json): Mutation =>
    wrongLog(`a rendition ready ${what}`, expect, (events) =>
      changeDetails(events, 'rendition.ready', (details) =>
        Array.isArray(details.tracks) ? change(details) : details,
      ),
    )
  const named = (what: string, expect: string, change: (tracks: Json[]) => JsonValue): Mutation =>
    ready(what, expect, (details) => ({ ...details, tracks: change(details.tracks as Json[]) }))
  const published = (what: string, track: JsonValue): Mutation =>
    wrongLog(`a file published of a track ${what}`, 'recording_differs', (events) =>
      changeDetails(events, 'rendition.published', (details) => {
        const files = details.files as Json[]
        return { ...details, files: files.map((file) => (file.track === 1 ? { ...file, track } : file)) }
      }),
    )
  return [
    named('with a track that has no files', 'rendition_missing', (tracks) => [...tracks, { track: 9, kind: 'audio' }]),
    named('with fewer tracks', 'recording_differs', (tracks) => tracks.slice(0, 2)),
    named('without tracks', 'recording_differs', () => []),
    named('with a track twice', 'recording_differs', (tracks) => [...tracks, tracks[0]!]),
    named('with a track of no kind', 'recording_differs', (tracks) => tracks.with(1, { track: 1 })),
    named('with a track of another kind', 'recording_differs', (tracks) => tracks.with(1, { track: 1, kind: 'video' })),
    named('with a track that has no number', 'recording_differs', (tracks) => tracks.with(1, { kind: 'audio' })),
    named('with a track that is none', 'recording_differs', (tracks) => tracks.with(1, null as unknown as Json)),
    named('with tracks that are no list', 'recording_differs', () => 'x'),
    named('with null as its tracks', 'recording_differs', () => null),
    named('with its tracks in another order', 'accepted', (tracks) => tracks.toReversed()),
    named('with more said of its tracks', 'accepted', (tracks) => tracks.map((one) => ({ ...one, streams: [0] }))),
    ready('naming no tracks', 'recording_differs', ({ tracks: _, ...details }) => details),
    wrongLog('a rendition ready without a kind', 'recording_differs', (events) =>
      changeDetails(events, 'rendition.ready', ({ renditionKind: _, ...details }) => details),
    ),
    published('that is below zero', -1),
    published('that is a text', '1'),
    published('that is null', null),
    published('that is not named', 7),
    secondReady('twice, with the same tracks', 'accepted', (details) => details),
    secondReady('twice, then with fewer tracks', 'recording_differs', (details) => ({
      ...details,
      tracks: (details.tracks as Json[]).slice(0, 2),
    })),
    wrongLog('a preview of a film', 'accepted', (events) =>
      replaceCopied(events, (film) => ({
        ...film,
        kind: 'rendition.preview_published',
        details: { ...film.details, files: 'x' },
      })),
    ),
  ]
}

/** Renditions that never became ready, with their files in the package and without. */
function neverReady(): Mutation[] {
  const never = (what: string, expect: string, log: Mutation, change: (files: Files) => void): Mutation => ({
    name: `${log.name}, ${what}`,
    expect,
    apply: (context) => {
      log.apply(context)
      change(context.files)
      mendManifests(context.files)
      return undefined
    },
  })
  const logs = (make?: (files: Files) => void) => [
    wrongLog(
      'renditions that never became ready',
      'rendition_missing',
      (events) =>
        events.map((event) => (event.kind === 'rendition.ready' ? { ...event, kind: 'rendition.begun' } : event)),
      { make },
    ),
    wrongLog(
      'renditions that became ready without an id',
      'rendition_missing',
      (events) => changeDetails(events, 'rendition.ready', (details) => ({ ...details, renditionId: 7 })),
      { make },
    ),
  ]
  const withoutPlayables = logs((files) => {
    for (const path of [...files.keys()]) if (path.startsWith('data/playable/')) files.delete(path)
  })
  return logs().flatMap((log, at) => [
    log,
    never('none of them in the package', 'accepted', withoutPlayables[at]!, (files) =>
      editRecordings(files, (lines) => lines.map((line) => ({ ...line, playable: [] }))),
    ),
    never('one of another length', 'recording_differs', log, (files) =>
      editRecordings(files, ([line]) => assign(line.playable[0]!, { bytes: 1 })),
    ),
  ])
}

function changeDetails(events: PlannedEvent[], kind: string, change: (details: Json) => Json): PlannedEvent[] {
  return events.map((event) => (event.kind === kind ? { ...event, details: change(event.details as Json) } : event))
}

/** The film's rendition becomes ready once more, in place of the event that it was copied. */
function secondReady(what: string, expect: string, change: (details: Json) => Json): Mutation {
  return wrongLog(`a rendition ready ${what}`, expect, (events) =>
    replaceCopied(events, (film) => ({ ...film, details: change(film.details as Json) })),
  )
}

/** Puts something made of the event that the film's rendition is ready in place of the later event of its copy. */
function replaceCopied(events: PlannedEvent[], make: (ready: PlannedEvent) => PlannedEvent): PlannedEvent[] {
  const ready = events.find(({ kind, details }) => kind === 'rendition.ready' && Array.isArray(details.tracks))!
  const { id } = ready.subjects[0]!
  const copied = events.findIndex(({ kind, subjects }) => kind === 'recording.copied' && subjects[0]!.id === id)
  return events.with(copied, { ...events[copied]!, ...make(ready) })
}
