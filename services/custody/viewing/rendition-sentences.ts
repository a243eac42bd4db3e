import type { HoleReason, NeverShownReason, NotShownReason, RenditionDifference } from '../events/words.ts'

/** What a sentence is made of, in its own language. */
export interface Told {
  /** `00:00:04.0 至 00:00:08.0`, several of them with commas between; empty when no place is known. */
  readonly where: string
  /** `8.0 秒`; null when it is not known. */
  readonly stated: string | null
  readonly found: string | null
  /** What is stated and was not found, `4.0 秒`. */
  readonly lacking: string | null
}

/** A clause, without a capital at its beginning and without a full stop. */
export interface Clause {
  readonly zh: (told: Told) => string
  readonly en: (told: Told) => string
}

const clause = (zh: (told: Told) => string, en: (told: Told) => string): Clause => ({ zh, en })
const placed = (where: string, text: string) => (where === '' ? text : `${where} ${text}`)
/** A clause that says nothing but where. */
const atPlace = (zh: string, en: string) =>
  clause(
    ({ where }) => placed(where, zh),
    ({ where }) => placed(where, en),
  )
/** The same with both values where they are known. */
const withValues = (zh: string, en: string) =>
  clause(
    ({ where, stated, found }) =>
      placed(where, zh) + (stated && found ? `：原始文件中为 ${stated}，播放件中为 ${found}` : ''),
    ({ where, stated, found }) =>
      placed(where, en) + (stated && found ? `: ${stated} in the original, ${found} in the rendition` : ''),
  )

/** What stands first wherever anything is said of a rendition whose original was compared with its sealed digest. */
export const originalPrevails = {
  zh: '原始文件未变，以原始文件为准。',
  en: 'The original is unchanged, and it is what counts.',
} as const

export const differenceClauses: Readonly<Record<RenditionDifference, Clause>> = {
  shorter_than_stated: clause(
    ({ stated, found }) =>
      stated && found ? `文件头标明时长 ${stated}，其中 ${found}可以播放` : '文件头标明的时长中只有一部分可以播放',
    ({ stated, found }) =>
      stated && found
        ? `the file's header states a length of ${stated}, of which ${found} can be played`
        : "only part of the length that the file's header states can be played",
  ),
  damaged: clause(
    ({ where }) => (where === '' ? '部分数据已损坏，无法正确解码' : `${where} 数据已损坏，无法解码`),
    ({ where }) =>
      where === ''
        ? 'some of the data is damaged and cannot be decoded properly'
        : `${where} the data is damaged and cannot be decoded`,
  ),
  sound_missing: atPlace('播放件没有原始文件中的声音', 'the rendition lacks sound that the original has'),
  sound_differs: atPlace(
    '播放件的声音与原始文件不完全相同',
    'the sound of the rendition is not exactly that of the original',
  ),
  sound_displaced: withValues('播放件中声音的时间位置有偏移', 'the sound of the rendition is displaced in time'),
  picture_differs: atPlace(
    '播放件的画面与原始文件不完全相同',
    'the picture of the rendition is not exactly that of the original',
  ),
  picture_displaced: withValues('播放件中画面的时间位置有偏移', 'the picture of the rendition is displaced in time'),
  length_differs: withValues('播放件与原始文件时长不同', 'the rendition is not as long as the original'),
  trimmed_by_camera: clause(
    ({ where, stated, found }) =>
      placed(where, '拍摄设备在文件中标明剪去了一部分，剪去的部分仍保存在原始文件中') +
      (stated && found ? `：标明的时长 ${stated}，文件中实有 ${found}` : ''),
    ({ where, stated, found }) =>
      placed(where, 'the camera marked a part of the file as trimmed; the original still holds that part') +
      (stated && found ? `: the stated length is ${stated}, the file holds ${found}` : ''),
  ),
  begins_between_key_frames: atPlace(
    '原始文件从两个关键帧之间开始，到第一个关键帧为止的画面无法解码',
    'the original begins between two key frames; the picture before the first of them cannot be decoded',
  ),
  size_changes: atPlace(
    '原始文件的画面尺寸中途改变，播放件按同一尺寸显示',
    'the picture of the original changes its size; the rendition shows it in one size',
  ),
  clock_jumps: atPlace('原始文件自身的时间记录有跳变', "the original's own clock jumps"),
  not_upright: atPlace(
    '播放件的画面方向不是原始文件标明的方向',
    'the picture of the rendition does not stand as the original says it should',
  ),
  one_of_several: atPlace(
    '原始文件中有多幅图片，播放件只显示其中的主图',
    'the original holds several pictures; the rendition shows the main one of them',
  ),
  lower_part_missing: atPlace(
    '图片文件不完整：所存图片下部的数据缺失，缺失部分显示为单一颜色',
    'the file is incomplete: the lower part of the picture, as it is stored, is missing and shown in one plain colour',
  ),
  supplied_by_vendor_player: atPlace(
    '由厂家软件解密，系统未能自行核对',
    "it was decrypted with the vendor's software; this system could not check it itself",
  ),
}

/** What is said of `shorter_than_stated` where the end of the file is what is missing. */
export const endsEarly: Clause = clause(
  ({ stated, lacking }) => `文件不完整：文件头标明时长 ${stated}，后 ${lacking}的数据缺失`,
  ({ stated, lacking }) =>
    `the file is incomplete: its header states a length of ${stated}, of which the last ${lacking} are missing`,
)

export const holeClauses: Readonly<Record<HoleReason, Clause>> = {
  damaged: differenceClauses.damaged,
  missing: atPlace(
    '原始文件中没有数据，播放时以静音或静止画面代替',
    'the original holds no data; silence or a still picture is played instead',
  ),
}

export const notShownWords: Readonly<
  Record<Exclude<NotShownReason, NeverShownReason>, { readonly zh: string; readonly en: string }>
> = {
  encrypted: { zh: '内容已加密', en: 'it is encrypted' },
  undecodable: { zh: '无法解码', en: 'it cannot be decoded' },
  beyond_limit: { zh: '超出本系统的处理上限', en: 'it is beyond a limit of this system' },
}

const neverShown = (zh: string, one: string, several: string) => ({
  zh: (count: number) => `原始文件另有 ${count} ${zh}，播放件中不显示`,
  en: (count: number) =>
    count === 1
      ? `the original also has ${one}, which the rendition does not show`
      : `the original also has ${count} ${several}, which the rendition does not show`,
})

export const neverShownClauses: Readonly<Record<NeverShownReason, ReturnType<typeof neverShown>>> = {
  text_track: neverShown('条文字（字幕）轨', 'a text (subtitle) track', 'text (subtitle) tracks'),
  data_track: neverShown(
    '条数据轨（如位置信息）',
    'a data track (of positions, for example)',
    'data tracks (of positions, for example)',
  ),
  attached_picture: neverShown('幅附带图片（如封面）', 'an attached picture (a cover)', 'attached pictures (covers)'),
}
