import t from 'tap'
import type { DetailsOf } from '../../../services/custody/events/kinds.ts'
import { holeReasons, notShownReasons, renditionDifferences } from '../../../services/custody/events/words.ts'
import { renditionNotes } from '../../../services/custody/viewing/rendition-notes.ts'

type Ready = DetailsOf<'rendition.ready'>

const plain: Ready = {
  renditionId: 'r',
  renditionKind: 'video',
  method: 'remux',
  inputSha256: '0'.repeat(64),
  durationMs: 8000,
  files: { init: 1, segment: 2 },
}
const track = (number: number) => ({ track: number, kind: 'audio', streams: [number], durationMs: 8000 }) as const
const twoTracks: Ready = { ...plain, tracks: [track(0), track(1)] }

t.test('nothing is said of a rendition that differs in nothing, whatever was checked', async (t) => {
  const lengths: Partial<Ready>[] = [{}, { statedMs: 8000, foundMs: 8000 }, { statedMs: 8010, foundMs: 7990 }]
  for (const more of lengths) {
    for (const details of [plain, twoTracks]) {
      const empty = { ...details, differences: [], holes: [], notShown: [], ...more }
      t.same(renditionNotes(empty, true), { zh: [], en: [] })
      t.same(renditionNotes({ ...details, ...more }, true), { zh: [], en: [] })
    }
  }
})

t.test('damage whose place is not known is said of a part of the data', async (t) => {
  const { zh, en } = renditionNotes({ ...plain, differences: [{ what: 'damaged', track: 0 }] }, false)
  t.same(zh, ['部分数据已损坏，无法正确解码。'])
  t.same(en, ['Some of the data is damaged and cannot be decoded properly.'])
  const placed = { what: 'damaged', track: 1, fromMs: 1000, toMs: 2000 } as const
  const both = renditionNotes({ ...twoTracks, differences: [{ what: 'damaged', track: 0 }, placed] }, false)
  t.match(both.zh, [/轨道 0：部分数据已损坏.*轨道 1：00:00:01\.0 至 00:00:02\.0 数据已损坏/])
  const same = renditionNotes({ ...twoTracks, differences: [{ what: 'damaged', track: 1 }, placed] }, false)
  t.notMatch(same.zh.join(), '部分数据')
})

t.test('half a film that is damaged is said in two sentences, once whatever says it', async (t) => {
  const hole = { track: 0, fromMs: 4000, toMs: 8000, why: 'damaged' } as const
  const wanted = {
    zh: [
      '原始文件未变，以原始文件为准。',
      '文件头标明时长 8.0 秒，其中 4.0 秒可以播放；00:00:04.0 至 00:00:08.0 数据已损坏，无法解码。',
    ],
    en: [
      'The original is unchanged, and it is what counts.',
      "The file's header states a length of 8.0 s, of which 4.0 s can be played; from 00:00:04.0 to 00:00:08.0 the data is damaged and cannot be decoded.",
    ],
  }
  const lengths = { statedMs: 8000, foundMs: 4000 }
  const short = { what: 'shorter_than_stated' } as const
  const ways: Partial<Ready>[] = [
    { ...lengths, holes: [hole] },
    { ...lengths, holes: [hole], differences: [short, { what: 'damaged' }] },
    {
      holes: [hole],
      differences: [
        { ...short, ...lengths },
        { what: 'damaged', track: 0, fromMs: 4000, toMs: 8000 },
      ],
    },
    { differences: [{ what: 'damaged', fromMs: 4000, toMs: 8000 }], ...lengths },
  ]
  for (const way of ways) t.same(renditionNotes({ ...plain, ...way }, true), wanted)
  const unchecked = renditionNotes({ ...plain, ...lengths, holes: [hole] }, false)
  t.same(
    unchecked,
    { zh: wanted.zh.slice(1), en: wanted.en.slice(1) },
    'that it is unchanged is said after a check only',
  )
})

t.test('every word has a sentence of its own in both languages, and none that a lawyer could quote', async (t) => {
  const said = [
    ...renditionDifferences.map((what) => ({ differences: [{ what }] })),
    ...renditionDifferences.map((what) => ({
      differences: [{ what, fromMs: 1000, toMs: 3_723_400, statedMs: 9000, foundMs: 5000 }],
    })),
    ...holeReasons.map((why) => ({ holes: [{ track: 0, fromMs: 0, toMs: 500, why }] })),
    ...notShownReasons.map((why) => ({ notShown: [{ stream: 2, why, detail: 'hevc' }] })),
  ].map((more) => renditionNotes({ ...plain, ...more }, false))
  for (const { zh, en } of said) {
    t.equal(zh.length, 1)
    t.equal(en.length, 1)
    t.match(zh[0], /^.*\p{Script=Han}.*。$/u)
    t.match(en[0], /^[A-Z].*[^.]\.$/)
    t.notMatch(zh[0], /出入|不一致|undefined|null|NaN/)
    t.notMatch(en[0], /undefined|null|NaN|\p{Script=Han}/u)
  }
  t.equal(new Set(said.map(({ zh }) => zh[0])).size, said.length)
  t.equal(new Set(said.map(({ en }) => en[0])).size, said.length)
})

t.test('tracks are named where there are several, and what they do not show stands last', async (t) => {
  const { zh, en } = renditionNotes(
    {
      ...twoTracks,
      differences: [{ what: 'sound_displaced', track: 1, statedMs: 95_000, foundMs: 0 }],
      holes: [
        { track: 1, fromMs: 8000, toMs: 20_000, why: 'missing' },
        { track: 1, fromMs: 3_599_960, toMs: 3_600_040, why: 'missing' },
      ],
      notShown: [{ stream: 3, why: 'encrypted', detail: 'CENC' }],
    },
    false,
  )
  t.same(zh, [
    '轨道 1：播放件中声音的时间位置有偏移：原始文件中为 95.0 秒（00:01:35.0），播放件中为 0.0 秒。',
    '轨道 1：00:00:08.0 至 00:00:20.0、01:00:00.0 至 01:00:00.0 原始文件中没有数据，播放时以静音或静止画面代替。',
    '原始文件中的第 3 号流未制作播放件：内容已加密（CENC）。',
  ])
  t.same(en, [
    'Track 1: the sound of the rendition is displaced in time: 95.0 s (00:01:35.0) in the original, 0.0 s in the rendition.',
    'Track 1: from 00:00:08.0 to 00:00:20.0, from 01:00:00.0 to 01:00:00.0 the original holds no data; silence or a still picture is played instead.',
    'Stream 3 of the original is not in the rendition: it is encrypted (CENC).',
  ])
})

t.test('a file that ends early is called incomplete, and only what is damaged elsewhere damaged', async (t) => {
  const short = { what: 'shorter_than_stated', statedMs: 20_000, foundMs: 10_000 } as const
  const said = (more: Partial<Ready>) => renditionNotes({ ...plain, ...more }, false)
  const incomplete = {
    zh: ['文件不完整：文件头标明时长 20.0 秒，后 10.0 秒的数据缺失。'],
    en: ['The file is incomplete: its header states a length of 20.0 s, of which the last 10.0 s are missing.'],
  }
  t.same(said({ differences: [short] }), incomplete)
  t.same(said({ differences: [short, { what: 'damaged', track: 0 }] }), incomplete)
  t.same(said({ differences: [short], holes: [{ track: 0, fromMs: 4000, toMs: 6000, why: 'damaged' }] }).zh, [
    '文件不完整：文件头标明时长 20.0 秒，后 10.0 秒的数据缺失；00:00:04.0 至 00:00:06.0 数据已损坏，无法解码。',
  ])
  t.same(
    said({ differences: [short], holes: [{ track: 0, fromMs: 10_000, toMs: 20_000, why: 'damaged' }] }).zh,
    ['文件头标明时长 20.0 秒，其中 10.0 秒可以播放；00:00:10.0 至 00:00:20.0 数据已损坏，无法解码。'],
    'what is there and damaged is not missing',
  )
  t.same(said({ differences: [{ what: 'damaged' }] }).zh, ['部分数据已损坏，无法正确解码。'])
  t.same(said({ differences: [{ what: 'damaged' }] }).en, [
    'Some of the data is damaged and cannot be decoded properly.',
  ])
})

t.test('tracks that are never shown are counted by kind', async (t) => {
  const notShown: Ready['notShown'] = [
    { stream: 2, why: 'data_track' },
    { stream: 3, why: 'text_track' },
    { stream: 4, why: 'data_track' },
    { stream: 5, why: 'attached_picture' },
    { stream: 6, why: 'encrypted' },
  ]
  t.same(renditionNotes({ ...plain, notShown }, false), {
    zh: [
      '原始文件中的第 6 号流未制作播放件：内容已加密。',
      '原始文件另有 2 条数据轨（如位置信息），播放件中不显示。',
      '原始文件另有 1 条文字（字幕）轨，播放件中不显示。',
      '原始文件另有 1 幅附带图片（如封面），播放件中不显示。',
    ],
    en: [
      'Stream 6 of the original is not in the rendition: it is encrypted.',
      'The original also has 2 data tracks (of positions, for example), which the rendition does not show.',
      'The original also has a text (subtitle) track, which the rendition does not show.',
      'The original also has an attached picture (a cover), which the rendition does not show.',
    ],
  })
})

t.test('a thousand holes are counted, and the first twenty listed', async (t) => {
  const holes = Array.from({ length: 1000 }, (_, at) => ({ track: 0, fromMs: at * 2000, toMs: at * 2000 + 1000 }))
  const { zh, en } = renditionNotes({ ...plain, holes: holes.map((one) => ({ ...one, why: 'damaged' })) }, false)
  t.match(zh[0], /^00:00:00\.0 至 00:00:01\.0、.* 等 1000 处 数据已损坏，无法解码。$/)
  t.equal(zh[0]?.split('、').length, 20)
  t.match(en[0], /and at 980 more places the data is damaged/)
})

t.test('what the event does not list is counted in a sentence of its own', async (t) => {
  const holes = Array.from({ length: 3 }, (_, at) => ({
    track: 0,
    fromMs: at * 2000,
    toMs: at * 2000 + 1000,
    why: 'damaged' as const,
  }))
  const { zh, en } = renditionNotes({ ...plain, holes, holesInAll: 1000, differences: [], differencesInAll: 5 }, false)
  t.equal(zh.at(-1), '以上说明另有 1002 处未逐一列出。')
  t.equal(en.at(-1), '1002 more places of these kinds are not listed.')
  t.equal(renditionNotes({ ...plain, holes, holesInAll: 3 }, false).zh.length, 1)
})

t.test("that a vendor's software decrypted the film stands first, and the rest speaks of that film", async (t) => {
  const supplied = { what: 'supplied_by_vendor_player' } as const
  const ready: Ready = {
    ...plain,
    method: 'supplied',
    differences: [{ what: 'shorter_than_stated', statedMs: 9000, foundMs: 8000 }, supplied, { what: 'sound_missing' }],
    notShown: [{ stream: 2, why: 'undecodable', detail: '原始文件' }],
  }
  const { zh, en } = renditionNotes(ready, true)
  t.same(zh, [
    '原始文件未变，以原始文件为准。',
    '由厂家软件解密，系统未能自行核对。',
    '文件不完整：文件头标明时长 9.0 秒，后 1.0 秒的数据缺失。',
    '播放件没有所提交影片中的声音。',
    '所提交影片中的第 2 号流未制作播放件：无法解码（原始文件）。',
  ])
  t.same(en.slice(0, 2), [
    'The original is unchanged, and it is what counts.',
    "It was decrypted with the vendor's software; this system could not check it itself.",
  ])
  t.equal(en[3], 'The rendition lacks sound that the supplied film has.')
  t.same(renditionNotes({ ...plain, differences: [supplied] }, false).zh, ['由厂家软件解密，系统未能自行核对。'])
})
