import t from 'tap'
import { makeFragmentedFilm, placeFilm } from '../../../support/fragmented-film.ts'
import { seededRandom } from '../../../support/seeded-random.ts'

const films = 6
const placingsPerFilm = 8
const segmentMsMax = 60_000

for (let seed = 1; seed <= films; seed++) {
  t.test(`wherever the tracks of a film are placed, the model finds them there (seed ${seed})`, async (t) => {
    const random = seededRandom(seed)
    const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!
    const seconds = 2 + Math.floor(random() * 10)
    const rate = pick([5, 12.5, 24, 25, 29.97, 30, 50])
    const sampleRate = pick([8000, 16000, 22050, 44100, 48000])
    const film = await makeFragmentedFilm({
      ...{ seconds, rate, sampleRate, keyEvery: pick([1, 10, 25, 60, 250]), bFrames: pick([0, 1, 3]) },
      ...{ soundSeconds: Math.max(1, seconds + Math.floor(random() * 8) - 4), fragmentSeconds: pick([0.3, 1, 4]) },
    })
    const frameMs = 1000 / rate
    const packetMs = (1024 * 1000) / sampleRate
    for (let placing = 0; placing < placingsPerFilm; placing++) {
      const videoMs = pick([0, random() * 9000])
      const audioMs = pick([-packetMs, -2 * packetMs * random(), 0, random() * 9000])
      const segmentMs = pick([500, 2000, 4000])
      const { segments, video, audio } = await placeFilm(film, { videoMs, audioMs, segmentMs })
      const said = JSON.stringify({ videoMs, audioMs, segmentMs, video, audio })
      t.match([video, audio], Array(2).fill({ gaps: [], overlaps: [], driftMs: 0 }), said)
      t.ok(Math.abs(video!.firstMs! - videoMs) <= 1, said)
      t.ok(Math.abs(audio!.firstMs! - Math.max(0, audioMs)) <= packetMs / 2 + 1, said)
      const sumMs = segments.reduce((sum, { durationMs }) => sum + durationMs, 0)
      t.ok(Math.abs(sumMs - Math.max(video!.endMs!, audio!.endMs!)) <= 1, said)
      t.ok(sumMs <= Math.max(videoMs + (seconds + 1) * 1000, audioMs + 13_000) + frameMs, said)
      t.ok(
        segments.every(({ durationMs }) => durationMs > 0 && durationMs <= segmentMsMax),
        said,
      )
      const startsMs = segments.map(({ startMs }) => startMs)
      t.same(
        startsMs,
        segments.map((_segment, index) => segments.slice(0, index).reduce((sum, s) => sum + s.durationMs, 0)),
      )
    }
  })
}
