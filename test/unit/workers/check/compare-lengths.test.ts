import t from 'tap'
import { compareLengths } from '../../../../workers/transcode/check/compare-lengths.ts'
import type { PlayedTrack } from '../../../../workers/transcode/fragments/media-source-model.ts'
import type { TrackPlan } from '../../../../workers/transcode/track-plan.ts'
import { inventoryOf, pictureTrack, soundTrack } from '../inventories.ts'

const plan: TrackPlan = {
  ...{ track: 0, kind: 'video', lengthMs: 10_000, ignoresEditList: false },
  picture: {
    ...{ stream: 0, way: 'copy', width: 1280, height: 720, isInterlaced: false, changesSize: false },
    ...{ endMs: 10_000, fill: null },
  },
  sound: { stream: 1, way: 'copy', channels: [1], of: 1 },
}
const played = (kind: PlayedTrack['kind'], facts: Partial<PlayedTrack> = {}): PlayedTrack => ({
  ...{ trackId: 1, kind, firstMs: 0, endMs: 10_000, gaps: [], overlaps: [], samples: 100, driftMs: 0, ...facts },
})

function found(picture: Partial<PlayedTrack>, sound: Partial<PlayedTrack> | null, segmentsMs = 10_000) {
  const tracks = { picture: played('video', picture), sound: sound && played('audio', sound) }
  return compareLengths(inventoryOf(pictureTrack(), soundTrack()), plan, { played: tracks, segmentsMs })
}

t.test('what lies in its place, within 40 ms, shows no difference', async (t) => {
  t.same(found({}, {}), [])
  t.same(found({ firstMs: 30, endMs: 10_020 }, { firstMs: 40, endMs: 10_021 }, 10_021), [])
})

t.test('what begins late, ends early, pauses or is missing', async (t) => {
  t.match(found({ firstMs: 200 }, {}), [{ what: 'picture_displaced', statedMs: 0, foundMs: 200 }])
  t.match(found({}, { firstMs: 80 }), [{ what: 'sound_displaced', statedMs: 0, foundMs: 80 }])
  t.match(found({}, { endMs: 9000 }), [{ what: 'sound_missing', fromMs: 9000, toMs: 10_000 }])
  t.match(found({}, { gaps: [{ fromMs: 4000, toMs: 4100 }] }), [{ what: 'sound_displaced', fromMs: 4000 }])
  t.match(found({}, null), [{ what: 'sound_missing', fromMs: 0, toMs: 10_000 }])
  t.match(found({}, {}, 9000), [{ what: 'length_differs', statedMs: 10_000, foundMs: 9000 }])
})
