import type { NotPlayableReason } from '../../foundation/db/words.ts'

/** A sentence in English, without a capital and a full stop, as the ledger keeps it; and the same in Chinese. */
interface Sentence {
  readonly en: string
  readonly zh: string
}

/** Why a file of a known format cannot be decoded: the whole list, but for a damaged structure, which names the format. */
export const undecodable = {
  index_never_written: {
    en: 'an MP4 or QuickTime film whose index (moov) was never written: the camera lost power or was stopped before it closed the file; the pictures and the sound in it cannot be found without the index, which the maker of the camera may be able to rebuild',
    zh: 'MP4 或 QuickTime 影片，索引（moov）没有写入：设备在写完文件之前断电或中止；没有索引便无法定位其中的画面和声音，可请设备厂商尝试重建',
  },
  index_cut_off: {
    en: 'an MP4 or QuickTime film that breaks off before its index (moov), which such a film has at its end: the file was not copied to its end, or the camera lost power; the pictures and the sound in it cannot be found without the index',
    zh: 'MP4 或 QuickTime 影片，文件不完整，缺少位于末尾的索引（moov）：文件没有复制完整，或者设备断电；没有索引便无法定位其中的画面和声音',
  },
  nothing_decodes: {
    en: 'nothing in it can be decoded',
    zh: '其中没有能够解码的画面或声音',
  },
  decoding_failed: {
    en: 'its pictures or its sound cannot be decoded: the data is damaged, or of a coding that this system does not know',
    zh: '画面或声音无法解码：数据已损坏，或采用了本系统不支持的编码',
  },
  picture_damaged: {
    en: 'no picture can be decoded from it: the data is damaged, or of a coding that this system does not know',
    zh: '图片无法解码：数据已损坏，或采用了本系统不支持的编码',
  },
} as const satisfies Readonly<Record<string, Sentence>>

/** Formats by the names that people know; the same in both languages but for the last part of some. */
const formatNames: Readonly<Record<string, Sentence>> = {
  aac: { en: 'AAC sound', zh: 'AAC 录音' },
  ac3: { en: 'AC-3 sound', zh: 'AC-3 录音' },
  aiff: { en: 'AIFF', zh: 'AIFF' },
  amr: { en: 'AMR sound', zh: 'AMR 录音' },
  apng: { en: 'a moving PNG picture', zh: '动态 PNG 图片' },
  asf: { en: 'Windows Media', zh: 'Windows Media' },
  au: { en: 'AU sound', zh: 'AU 录音' },
  avi: { en: 'AVI', zh: 'AVI' },
  bmp_pipe: { en: 'a BMP picture', zh: 'BMP 图片' },
  caf: { en: 'CAF sound', zh: 'CAF 录音' },
  dhav: { en: 'a DAV film', zh: 'DAV 录像' },
  dss: { en: 'DSS dictation', zh: 'DSS 录音' },
  dv: { en: 'DV', zh: 'DV' },
  flac: { en: 'FLAC sound', zh: 'FLAC 录音' },
  flv: { en: 'FLV', zh: 'FLV' },
  gif: { en: 'a GIF picture', zh: 'GIF 图片' },
  h264: { en: 'H.264 without a container', zh: 'H.264 裸码流' },
  hevc: { en: 'H.265 without a container', zh: 'H.265 裸码流' },
  j2k_pipe: { en: 'a JPEG 2000 picture', zh: 'JPEG 2000 图片' },
  jpeg_pipe: { en: 'a JPEG picture', zh: 'JPEG 图片' },
  m4v: { en: 'MPEG-4 without a container', zh: 'MPEG-4 裸码流' },
  matroska: { en: 'Matroska or WebM', zh: 'Matroska 或 WebM' },
  mov: { en: 'MP4 or QuickTime', zh: 'MP4 或 QuickTime' },
  mp3: { en: 'MP3 sound', zh: 'MP3 录音' },
  mpeg: { en: 'an MPEG program stream', zh: 'MPEG 节目流' },
  mpegts: { en: 'an MPEG transport stream', zh: 'MPEG 传输流' },
  mpegvideo: { en: 'MPEG-1 or MPEG-2 without a container', zh: 'MPEG-1 或 MPEG-2 裸码流' },
  mxf: { en: 'MXF', zh: 'MXF' },
  ogg: { en: 'Ogg', zh: 'Ogg' },
  png_pipe: { en: 'a PNG picture', zh: 'PNG 图片' },
  tiff_pipe: { en: 'a TIFF picture', zh: 'TIFF 图片' },
  voc: { en: 'VOC sound', zh: 'VOC 录音' },
  w64: { en: 'Wave64', zh: 'Wave64' },
  wav: { en: 'WAV', zh: 'WAV' },
  webp_pipe: { en: 'a WebP picture', zh: 'WebP 图片' },
  wv: { en: 'WavPack sound', zh: 'WavPack 录音' },
}

/** That a file begins as one of a format and cannot be read as such, in English; `format` is a demuxer's name. */
export function damagedStructure(format: string): string {
  return damaged(formatNames[format] ?? { en: format, zh: format }).en
}

function damaged({ en, zh }: Sentence): Sentence {
  return {
    en: `it begins as ${en} and cannot be read as such: what follows its beginning is damaged`,
    zh: `文件开头为 ${zh} 格式，其后内容已损坏，无法读取`,
  }
}

const sentences = new Map(
  [...Object.values<Sentence>(undecodable), ...Object.values(formatNames).map(damaged)].map(({ en, zh }) => [en, zh]),
)

/** What is said for each word where no sentence says more. */
const whyInChinese: Readonly<Record<NotPlayableReason, string>> = {
  empty: '文件是空的',
  zeros: '文件内容全部为零，没有录像数据',
  text: '文本文件，不是音像资料',
  playlist: '播放列表文件，本身不含音像',
  document: '文档，不是音像资料',
  archive: '压缩包，不是音像资料',
  program: '程序文件，不是音像资料',
  database: '数据库文件，不是音像资料',
  disk_image: '磁盘映像，不是音像资料',
  camera_raw: '相机原始格式照片，需用厂商软件打开',
  animated_picture: '动态图片，本系统无法解码',
  still_without_tool: 'HEIC 或 AVIF 照片，本机未安装解码工具',
  still_not_decodable: 'HEIC 或 AVIF 照片，数据已损坏或编码不受支持，无法解码',
  vendor_format: '厂商专有格式，需用厂商播放软件打开',
  encrypted: '文件已加密',
  unknown: '未能识别的文件格式',
  undecodable: '无法解码',
  beyond_limit: '超出本系统的处理上限',
  no_picture_or_sound: '文件中没有画面，也没有声音',
}

/**
 * Why a recording cannot be played, in Chinese, by the word and the English sentence that are kept. Null where neither is
 * of these lists: a body written before there were such words. Pure.
 */
export function notPlayableInChinese(kept: {
  readonly why?: NotPlayableReason | null | undefined
  readonly reason: string | null
}): string | null {
  const { why, reason } = kept
  return (reason === null ? undefined : sentences.get(reason)) ?? (why ? whyInChinese[why] : null)
}
