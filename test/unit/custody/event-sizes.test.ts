import t from 'tap'
import { recordingSubjects } from '../../../services/custody/copies/copies.ts'
import { nameForEvent } from '../../../services/custody/devices/name-profile.ts'
import { misfitOf } from '../../../services/custody/events/check.ts'
import type { DetailsOf, EventKind } from '../../../services/custody/events/kinds.ts'
import { holeReasons, recordingFlags, renditionDifferences } from '../../../services/custody/events/words.ts'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import {
  askedRecordingsMax,
  originalMediumLengthMax,
  provesLengthMax,
} from '../../../services/custody/packages/asked-recordings.ts'
import { settings } from '../../../services/custody/settings/declared.ts'
import { servedForEvent } from '../../../services/custody/viewing/end.ts'
import { canonicalBytes, canonicalText, type JsonValue } from '../../../services/ledger/format/canonical.ts'
import { bodyBytesMax } from '../../../services/ledger/log/append.ts'
import { summaryBytesMax, summaryOf } from '../../../workers/transcode/inventory/summary.ts'
import { chooseTracks, tracksMax } from '../../../workers/transcode/plan/choose.ts'
import { commandsOf, flagsOf } from '../../../workers/transcode/plan/commands.ts'
import { planWays } from '../../../workers/transcode/plan/ways.ts'
import { madeInventory, madeTrack } from '../../support/inventory.ts'
import { inventoryOf, pictureTrack, soundTrack } from '../workers/inventories.ts'

// The longest bodies that what a file, a person or a store says can lead to.

const digest = 'f'.repeat(64)
const id = '01a21f82-4c10-7f3a-9d5e-3b1f0a6c2e11'
const endMs = 48 * 3_600_000
/** A character that takes six bytes in JSON. */
const longest = '\u0001'

const longSubjects = Array(8).fill({ type: 'custodian_handover', id: '综'.repeat(100) })

/** How many bytes the whole body takes; the details must be those of the kind. */
function bodyBytes<Kind extends EventKind>(kind: Kind, details: DetailsOf<Kind>, subjects = longSubjects): number {
  const misfit = misfitOf(kind, details)
  if (misfit !== null) throw new Error(misfit)
  const body = { id, kind, at: new Date(0).toISOString(), actor: id, actorRole: 'custodian', subjects, details }
  return canonicalBytes(body as JsonValue).length
}

t.test('the inventory of a hostile file is at most 16 KiB in its event', async (t) => {
  const text = longest.repeat(1000)
  const gaps = Array.from({ length: 10_000 }, (_, at) => ({ fromMs: endMs - at, toMs: endMs }))
  const picture = {
    ...{ width: 65_535, height: 65_535, sizes: [], rotation: 270, isMirrored: true, pixelAspect: 1 },
    ...{ isInterlaced: true, pixelFormat: 'yuv420p', rate: 25 },
  }
  const tracks = Array.from({ length: 1000 }, (_, stream) =>
    madeTrack({ stream, kind: 'attached_picture', codec: text, gaps, picture, packets: Number.MAX_SAFE_INTEGER }),
  )
  const clocks = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${at}${text}`, text]))
  const hostile = madeInventory({ tracks, clocks, leftOut: Array(200).fill(text), foundMs: endMs, statedMs: endMs })
  const summaries = [
    summaryOf(hostile),
    summaryOf({ ...hostile, tracks: tracks.slice(0, 64) }),
    summaryOf({ ...hostile, clocks: {}, leftOut: [] }),
    summaryOf({ ...hostile, tracks: [] }),
  ]
  for (const summary of summaries) {
    t.ok(canonicalBytes(summary).length <= summaryBytesMax, `${canonicalBytes(summary).length} bytes`)
    const details: DetailsOf<'recording.inventoried'> = {
      ...{ store: 'backup-a', host: 'h'.repeat(250), key: `inventory/${id}/${digest}`, versionId: id },
      ...{ inventorySha256: digest, bytes: 4 * 1024 * 1024, retainUntil: new Date(0).toISOString(), legalHold: true },
      ...{ tool: 'ffmpeg version '.padEnd(200, 'x'), summary, flags: [...recordingFlags] },
    }
    const subjects = recordingSubjects({ id, deviceSerial: '设'.repeat(64) })
    const bytes = bodyBytes('recording.inventoried', details, subjects)
    t.ok(bytes <= 16 * 1024, `${bytes} bytes`)
  }
  t.match(summaries[0], { tracksInAll: 1000, clocksInAll: 200, leftOutInAll: 200 })
})

t.test('a viewing that jumped a hundred thousand times names the first stretches and how many there are', async (t) => {
  const rows = Array.from({ length: 100_000 }, (_, at) => ({
    ...{ track: at % 64, kind: 'segment', from_ms: endMs + at * 2000, to_ms: endMs + at * 2000 + 1000, bytes: 1000 },
  }))
  const served = servedForEvent(rows)
  t.match(served, { servedMs: 100_000_000, servedBytes: 100_000_000, servedRangesInAll: 100_000 })
  t.equal(served.servedRanges.length, 1000)
  t.equal(served.servedTracks!.length, 64)
  t.match(served.servedTracks![0], { track: 0, ms: 1_563_000, rangesInAll: 1563 })
  const bytes = bodyBytes('viewing.ended', { endKind: 'closed', openedAt: new Date(0).toISOString(), ...served })
  t.ok(bytes <= bodyBytesMax, `${bytes} bytes`)
  const few = servedForEvent(rows.filter(({ track }) => track === 0).slice(0, 1000))
  t.equal(few.servedRanges.length, 1000)
  t.notOk('servedRangesInAll' in few || 'servedTracks' in few)
})

t.test('a rendition of as many tracks and findings as there may be fits its events', async (t) => {
  const sounds = Array.from({ length: 63 }, (_, at) =>
    soundTrack({ stream: at + 1, codec: 'pcm_s16le', profile: null, firstMs: 12_345.678 }, { channels: 64 }),
  )
  const inventory = inventoryOf(
    pictureTrack({ firstMs: 9876.543, codec: 'hevc' }, { rotation: 90, isInterlaced: true }),
    ...sounds,
  )
  const [way] = planWays(chooseTracks(inventory, new Map()))
  t.equal(way!.tracks.length, tracksMax)
  const flags = flagsOf(way!.tracks.map((plan) => commandsOf(inventory, plan)))
  const making = { renditionId: id, inputSha256: digest, method: 'transcode', tool: 'x'.repeat(200) } as const
  const file = { track: 63, kind: 'thumbnail', number: 99_999, sha256: digest, bytes: 99_999_999 } as const
  const place = { startMs: endMs, durationMs: endMs }
  const files = Array(64).fill({ ...file, ...place })
  // What the camera trimmed has tracks of its own.
  const twice = [...flags, ...flags]
  const published = bodyBytes('rendition.published', { ...making, suppliedSha256: digest, flags: twice, files })
  t.ok(published <= bodyBytesMax, `${published} bytes`)
  const channels = [63, 64]
  const span = { fromMs: endMs, toMs: endMs }
  const ready = bodyBytes('rendition.ready', {
    ...{
      renditionId: id,
      renditionKind: 'video',
      method: 'transcode',
      inputSha256: digest,
      durationMs: endMs,
      files: {},
    },
    tracks: Array(2 * tracksMax).fill({
      track: 63,
      kind: 'video',
      streams: [62, 63],
      channels,
      durationMs: endMs,
      name: '录'.repeat(20),
    }),
    differences: Array(64).fill({
      what: renditionDifferences.at(-1),
      track: 63,
      ...span,
      channel: 64,
      statedMs: endMs,
      foundMs: endMs,
    }),
    holes: Array(256).fill({ track: 63, ...span, why: holeReasons[0] }),
    notShown: Array(64).fill({ stream: 63, why: 'undecodable', detail: 'x'.repeat(60) }),
    ...{ differencesInAll: 1e6, holesInAll: 1e6, statedMs: endMs, foundMs: endMs, inventorySha256: digest },
  })
  t.ok(ready <= bodyBytesMax, `${ready} bytes`)
})

t.test('two calendars of as many days as there may be fit the event that puts one in place of the other', async (t) => {
  const { maxItems } = settings['calendar.days'].shape as { maxItems?: number }
  t.type(maxItems, 'number')
  const days = Array.from({ length: maxItems! }, (_, at) => ({
    day: new Date(at * 86_400_000).toISOString().slice(0, 10),
    isWorkingDay: false,
  }))
  const value = canonicalText(days)
  const version = {
    versionId: id,
    value,
    before: value,
    source: longest.repeat(1000),
    validFrom: new Date(0).toISOString(),
  }
  for (const bytes of [
    bodyBytes('setting.proposed', version),
    bodyBytes('setting.changed', { ...version, proposedBy: id }),
  ]) {
    t.ok(bytes <= bodyBytesMax, `${bytes} bytes`)
  }
})

t.test('a package that says of as many recordings as it may what they prove fits its event', async (t) => {
  const one = { recordingId: id, proves: '𠮷'.repeat(provesLengthMax), fromMs: endMs, toMs: endMs } as const
  const originalMedium = '𠮷'.repeat(originalMediumLengthMax)
  const recordings = Array(askedRecordingsMax).fill({ ...one, transcript: 'no_speech', originalMedium })
  const recipient = { name: '综'.repeat(100), organisation: '综'.repeat(200) }
  const details = {
    withFootage: true,
    purpose: '综'.repeat(500),
    recipient,
    recipientKey: 'a'.repeat(4000),
    recordings,
  }
  const bytes = bodyBytes('package.requested', details)
  t.ok(bytes <= bodyBytesMax, `${bytes} bytes`)
})

t.test('names and problems of any kind fit', async (t) => {
  const copy = { store: 'backup-a', host: 'h'.repeat(250), key: 'k'.repeat(100), versionId: id } as const
  for (const byte of [0x80, 0x01, 0x22, 0xe2]) {
    const bytes = bodyBytes('recording.sealed', {
      ...{
        flags: [...recordingFlags],
        name: nameForEvent(Buffer.alloc(1024, byte)),
        bytes: 1,
        sha256: digest,
        reason: null,
      },
      ...{ declaredSha256: digest, listedSha256: digest, mark: true, mediaKind: 'video', clockOffsetMs: -1 },
      ...{ deviceTime: null, deviceTimeText: longest.repeat(40), correctedTime: null },
      dockDigest: { sm3: digest, signature: `${'A'.repeat(86)}==` },
      copy: { ...copy, retainUntil: new Date(0).toISOString(), legalHold: true },
    })
    t.ok(bytes <= bodyBytesMax, `${bytes} bytes`)
  }
  const report = openReport()
  report.error('stores.unknown_version', 's', `it has other versions too: ${`${id}, `.repeat(100_000)}`)
  const [finding] = report.findings()
  t.match(finding!.problem, /^it has other versions too: .* … and 3798027 more characters$/)
  t.ok(finding!.problem.length < 2100)
})
