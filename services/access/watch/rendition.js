// What a recording's rendition is, and what has to be known when it is watched.

import { spoken, word } from './words.js'

const whyNot = {
  zh: {
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
    still_not_decodable: 'HEIC 或 AVIF 照片，无法解码',
    vendor_format: '厂商专有格式，需用厂商播放软件打开',
    encrypted: '文件已加密',
    unknown: '未能识别的文件格式',
    undecodable: '无法解码',
    beyond_limit: '超出本系统的处理上限',
    no_picture_or_sound: '文件中没有画面，也没有声音',
  },
  en: {
    empty: 'the file is empty',
    zeros: 'the file holds nothing but zeros',
    text: 'a text file, not footage',
    playlist: 'a playlist, which holds no footage itself',
    document: 'a document, not footage',
    archive: 'an archive, not footage',
    program: 'a program, not footage',
    database: 'a database, not footage',
    disk_image: 'a disk image, not footage',
    camera_raw: "a camera's raw photo: the maker's own program opens it",
    animated_picture: 'an animated picture that this system cannot decode',
    still_without_tool: 'a HEIC or AVIF photo, and the program that decodes it is not installed',
    still_not_decodable: 'a HEIC or AVIF photo that cannot be decoded',
    vendor_format: "a maker's own format: the maker's player opens it",
    encrypted: 'the file is encrypted',
    unknown: 'not a known format',
    undecodable: 'it cannot be decoded',
    beyond_limit: 'beyond a limit of this system',
    no_picture_or_sound: 'the file holds neither picture nor sound',
  },
}

/** The state of a recording's rendition, with the reason when it cannot be played. */
export function renditionText({ rendition }) {
  const state = word('renditions')[rendition?.state ?? 'none']
  if (rendition?.state !== 'not_playable') return state
  const reason = spoken(whyNot)[rendition.why] ?? rendition.reason
  return word('withReason').replace('{text}', state).replace('{reason}', reason)
}

/** Sentences for whoever watches it; none for one that differs from its original in nothing. */
export function renditionSentences({ rendition }) {
  if (rendition === null || rendition.state === 'not_playable') return []
  return rendition.check === null ? [word('notCompared')] : spoken(rendition.check.notes)
}

/** How many tracks there are beside the one that is played; empty when there are none. */
export function furtherTracksText(tracks) {
  const further = tracks.filter(({ track }) => track !== 0)
  const parts = ['video', 'audio', 'still'].flatMap((kind) => {
    const count = further.filter((one) => one.kind === kind).length
    return count === 0 ? [] : [word('tracksOfKind')[kind].replace('{count}', count)]
  })
  return parts.length === 0 ? '' : word('furtherTracks').replace('{tracks}', parts.join(word('recorded').comma))
}
