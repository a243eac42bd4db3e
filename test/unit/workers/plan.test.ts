import t from 'tap'
import type { Inventory, InventoryTrack } from '../../../workers/transcode/inventory/inventory.ts'
import { chooseTracks, levelKey, tracksMax } from '../../../workers/transcode/plan/choose.ts'
import { commandsOf, flagsOf } from '../../../workers/transcode/plan/commands.ts'
import { readLevels } from '../../../workers/transcode/plan/levels.ts'
import { withUntrimmed } from '../../../workers/transcode/plan/untrimmed.ts'
import { planWays } from '../../../workers/transcode/plan/ways.ts'
import { inventoryOf, pictureTrack, soundTrack } from './inventories.ts'

const methods = (...tracks: InventoryTrack[]) =>
  planWays(chooseTracks(inventoryOf(...tracks), new Map())).map(({ method }) => method)
const all = ['remux', 'transcode_sound', 'transcode']
const soundAnew = ['transcode_sound', 'transcode']
const anew = ['transcode']

t.test(
  'what a browser plays as it lies is repacked first; the rest is made anew, no more of it than must be',
  async (t) => {
    const cases: [string, InventoryTrack[], string[]][] = [
      ['H.264 and AAC', [pictureTrack(), soundTrack()], all],
      ['H.264 alone', [pictureTrack()], ['remux', 'transcode']],
      ['AAC alone', [soundTrack()], ['remux', 'transcode']],
      ['PCM beside H.264', [pictureTrack(), soundTrack({ codec: 'pcm_s16le', profile: null })], soundAnew],
      [
        'AAC of 8 kHz, whose packets are too long to place',
        [pictureTrack(), soundTrack({}, { sampleRate: 8000 })],
        soundAnew,
      ],
      ['a voice that begins late', [pictureTrack(), soundTrack({ firstMs: 2000 })], soundAnew],
      ['a voice that ends early', [pictureTrack(), soundTrack({ endMs: 8000 })], soundAnew],
      [
        'a voice and a picture that begin a little late',
        [pictureTrack({ firstMs: 200, firstKeyMs: 200 }), soundTrack({ firstMs: 300 })],
        all,
      ],
      ['a muted stretch', [pictureTrack(), soundTrack({ gaps: [{ fromMs: 4000, toMs: 6000 }] })], soundAnew],
      ['sound that runs unevenly', [pictureTrack(), soundTrack({ driftMs: 90 })], soundAnew],
      ['sound that ends half a second early', [pictureTrack(), soundTrack({ endMs: 9500 })], all],
      ['a picture that begins late', [pictureTrack({ firstMs: 600, firstKeyMs: 600 }), soundTrack()], anew],
      ['a picture that stops', [pictureTrack({ endMs: 3000 }), soundTrack()], anew],
      ['a file that begins between key frames', [pictureTrack({ firstKeyMs: 800 }), soundTrack()], anew],
      ['key frames a minute apart', [pictureTrack({ keyFrameDistanceMsMax: 60_000 })], anew],
      ['a picture on its side', [pictureTrack({}, { rotation: 90 })], anew],
      ['a mirrored picture', [pictureTrack({}, { isMirrored: true })], anew],
      ['pixels that are not square', [pictureTrack({}, { pixelAspect: 4 / 3 })], anew],
      ['interlaced', [pictureTrack({}, { isInterlaced: true })], anew],
      ['a trimmed start', [pictureTrack({ trimmedMs: 900 })], anew],
      ['a clock that steps back', [pictureTrack({ jumpsBack: 1 })], anew],
      ['damaged packets', [pictureTrack({ corruptPackets: 1 })], anew],
      ['10 bits', [pictureTrack({ profile: 'High 10' }, { pixelFormat: 'yuv420p10le' })], anew],
      ['HEVC', [pictureTrack({ codec: 'hevc', profile: 'Main' })], anew],
      ['neither picture nor sound', [], []],
    ]
    for (const [name, tracks, expected] of cases) t.same(methods(...tracks), expected, name)
  },
)

t.test('the main picture is the one with the most to see, whatever their order', async (t) => {
  const preview = pictureTrack({ stream: 0, packets: 1 }, { width: 160, height: 90 })
  const film = pictureTrack({ stream: 1 })
  const chosen = chooseTracks(
    inventoryOf(preview, film, pictureTrack({ stream: 2, kind: 'attached_picture' })),
    new Map(),
  )
  t.same(
    chosen.pictures.map(({ stream }) => stream),
    [1, 0],
  )
  const [way] = planWays(chosen)
  t.match(way?.tracks, [
    { track: 0, picture: { stream: 1 } },
    { track: 1, kind: 'video', picture: { stream: 0 } },
  ])
})

t.test('many channels become pairs by number, and the first that sounds is the main one', async (t) => {
  const interview = soundTrack({ stream: 3, codec: 'pcm_s16le' }, { channels: 5, layout: null })
  const levels = new Map([1, 2, 3, 5].map((channel) => [levelKey(3, channel), Number.NEGATIVE_INFINITY]))
  const { sounds } = chooseTracks(inventoryOf(interview), levels.set(levelKey(3, 4), -11))
  t.same(
    sounds.map(({ channels }) => channels),
    [[3, 4], [1, 2], [5]],
  )
  const [way] = planWays({ pictures: [], sounds })
  const filters = way!.tracks.map((plan) => commandsOf(inventoryOf(interview), plan).film.outputFlags.join(' '))
  t.match(filters[0], /pan=stereo\|c0=c2\|c1=c3,/)
  t.match(filters[2], /pan=mono\|c0=c4,/)
  for (const filter of filters) t.notMatch(filter, /-ac |amix|amerge/, 'nothing is mixed')
})

t.test('a silent first microphone does not hide the second', async (t) => {
  const tracks = [pictureTrack(), soundTrack({ stream: 1 }), soundTrack({ stream: 2 })]
  const levels = new Map([
    [levelKey(1, 1), -91],
    [levelKey(2, 1), -20],
  ])
  const [way] = planWays(chooseTracks(inventoryOf(...tracks), levels))
  t.match(way?.tracks, [{ sound: { stream: 2 } }, { kind: 'audio', sound: { stream: 1 } }])
})

t.test('what is not shown is named with why', async (t) => {
  const { pictures, sounds, notShown } = chooseTracks(
    inventoryOf(
      pictureTrack({ isEncrypted: true }),
      soundTrack({ stream: 1, codec: null }),
      soundTrack({ stream: 2, packets: 0, firstMs: null, endMs: null }),
      ...Array.from({ length: 20 }, (_, at) => soundTrack({ stream: 10 + at })),
    ),
    new Map(),
  )
  t.equal(pictures.length, 0)
  t.equal(sounds.length, tracksMax)
  t.match(notShown.slice(0, 3), [
    { stream: 0, why: 'encrypted' },
    { stream: 1, why: 'undecodable' },
    { stream: 2, why: 'undecodable' },
  ])
  t.same(new Set(notShown.slice(3).map(({ why }) => why)), new Set(['beyond_limit']))
  t.equal(notShown.length, 3 + 20 - tracksMax)
})

t.test('what a rendition never shows is named, where the file holds something of it', async (t) => {
  const other = (
    kind: 'subtitle' | 'data' | 'attached_picture',
    stream: number,
    packets = 5,
    tag: string | null = null,
  ) => pictureTrack({ kind, stream, packets, tag })
  const { notShown } = chooseTracks(
    inventoryOf(
      ...[pictureTrack(), other('subtitle', 1), other('data', 2), other('attached_picture', 3, 1)],
      ...[other('subtitle', 4, 0), other('data', 5, 0), other('data', 6, 1, 'tmcd')],
    ),
    new Map(),
  )
  t.same(notShown, [
    { stream: 1, why: 'text_track' },
    { stream: 2, why: 'data_track' },
    { stream: 3, why: 'attached_picture' },
  ])
})

t.test(
  'where the file has no picture one is made: black before, the last one held after and in long pauses',
  async (t) => {
    const filterOf = (track: InventoryTrack, ...others: InventoryTrack[]) => {
      const inventory = inventoryOf(track, ...others)
      const way = planWays(chooseTracks(inventory, new Map())).at(-1)!
      return commandsOf(inventory, way.tracks[0]!).film.outputFlags.join(' ')
    }
    t.match(
      filterOf(pictureTrack({ firstMs: 2000, firstKeyMs: 2500 }), soundTrack()),
      /fps=25:.*tpad=start_duration=2\.5:start_mode=add:color=black/,
    )
    t.match(filterOf(pictureTrack({ endMs: 3000 }), soundTrack()), /stop_mode=clone:stop_duration=7/)
    t.match(filterOf(pictureTrack({ gaps: [{ fromMs: 1000, toMs: 31_000 }] })), /fps=25/)
    t.match(filterOf(pictureTrack({ stands: [{ fromMs: 1000, toMs: 31_000 }] })), /fps=25/)
    t.match(filterOf(pictureTrack({ usualStepMs: 90_000 }, { rate: 1 / 90 })), /fps=1:/, 'a picture every 90 s')
    const events = { endMs: 310_000, stands: [{ fromMs: 4000, toMs: 304_000 }] }
    t.match(filterOf(pictureTrack(events, { rate: 250 / 310 })), /fps=25:/, 'events with a pause of five minutes')
    t.notMatch(filterOf(pictureTrack({ codec: 'hevc' }), soundTrack()), /fps|tpad/)
  },
)

t.test(
  'the last picture stands to the end of the recording, so that a second lens that ends a little earlier is not shorter',
  async (t) => {
    const lenses = [pictureTrack(), pictureTrack({ stream: 1, endMs: 9300 })]
    for (const { method, tracks } of planWays(chooseTracks(inventoryOf(...lenses), new Map()))) {
      t.same(
        tracks.map(({ picture, lengthMs }) => [picture?.endMs, lengthMs, picture?.fill]),
        [
          [10_000, 10_000, null],
          [10_000, 10_000, null],
        ],
        method,
      )
    }
  },
)

t.test('pictures are made upright, of square pixels and even sides, 720 at most on the shorter one', async (t) => {
  const sizeOf = (picture: Parameters<typeof pictureTrack>[1]) => {
    const { pictures } = chooseTracks(inventoryOf(pictureTrack({ codec: 'hevc' }, picture)), new Map())
    const plan = planWays({ pictures, sounds: [] })[0]!.tracks[0]!.picture!
    return [plan.width, plan.height]
  }
  t.same(sizeOf({ width: 1920, height: 1080 }), [1280, 720])
  t.same(sizeOf({ width: 1920, height: 1080, rotation: 90 }), [720, 1280])
  t.same(sizeOf({ width: 1440, height: 1080, pixelAspect: 4 / 3 }), [1280, 720])
  t.same(sizeOf({ width: 641, height: 361 }), [642, 362])
  t.same(sizeOf({ width: 1, height: 1 }), [2, 2])
})

t.test('the original is opened by one named demuxer, and command lines name it as the original', async (t) => {
  const inventory: Inventory = {
    ...inventoryOf(pictureTrack({ codec: 'hevc' }), soundTrack()),
    skipBytes: 40,
    startSeconds: 12.5,
  }
  const [way] = planWays(chooseTracks(inventory, new Map()))
  const flags = flagsOf(way!.tracks.map((plan) => commandsOf(inventory, plan)))
  const line = flags.join(' ')
  t.match(line, /-copyts /)
  t.match(line, /\[0:0\]setpts=PTS-12\.5\/TB,/)
  t.match(line, /-i original -map 0:1 .*-output_ts_offset -2\.500000 .*-i decoded .*\[0:0\]asetpts=PTS-10\/TB,/)
  t.match(line, /-skip_initial_bytes 40/)
  t.match(line, /-format_whitelist mov,mp4,m4a,3gp,3g2,mj2/)
  t.match(line, /-i original/)
  t.notMatch(line, /\/in\/|\/out\//)
})

t.test('levels are the last ones printed', async (t) => {
  const printed =
    'frame:0\nlavfi.astats.1.Peak_level=-inf\nlavfi.astats.2.Peak_level=-40.5\nlavfi.astats.1.Peak_level=-3.25\n'
  t.same(
    [...readLevels(`${printed}lavfi.astats.x.Peak_level=1\n`)],
    [
      [1, -3.25],
      [2, -40.5],
    ],
  )
})

t.test(
  'a film that the camera trimmed has a further track that shows all of it, in every way to make it',
  async (t) => {
    const waysOf = (...tracks: InventoryTrack[]) => planWays(chooseTracks(inventoryOf(...tracks), new Map()))
    const shown = waysOf(pictureTrack({ endMs: 2000, trimmedMs: 8000 }), soundTrack({ endMs: 2000 }))
    const all = waysOf(pictureTrack(), soundTrack())
    const ways = withUntrimmed(shown, all)
    t.match(
      ways.map(({ method, tracks }) => [
        method,
        ...tracks.map(({ lengthMs, ignoresEditList }) => [lengthMs, ignoresEditList]),
      ]),
      all.map(() => ['transcode', [2000, false], [10_000, true]]),
    )
    t.same(
      ways.map(({ tracks }) => [tracks[1]?.track, tracks[1]?.picture?.way, tracks[1]?.sound?.way]),
      [
        [1, 'copy', 'copy'],
        [1, 'copy', 'encode'],
        [1, 'encode', 'encode'],
      ],
      'what is hidden is copied where it can be',
    )
    const { film } = commandsOf(inventoryOf(pictureTrack(), soundTrack()), ways[0]!.tracks[1]!)
    t.equal(film.inputFlags.join(' ').includes('-ignore_editlist 1'), true)
    t.same(withUntrimmed(shown, []), shown, 'what cannot be read is no track')
  },
)
