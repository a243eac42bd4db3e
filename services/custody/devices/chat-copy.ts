/**
 * Names that chat programs give to what they save: WeChat (`mmexport…`, `wx_camera_…`, `微信图片_…`), QQ and TIM, DingTalk,
 * WhatsApp, Telegram, Signal, Messenger. All of them compress pictures and films again. No device that records by itself
 * names its files so.
 */
const chatNames: readonly RegExp[] = [
  /^(?:mmexport|wx_camera_|microMsg\.?)\d{10,}/i,
  /^(?:微信图片|微信视频|微信照片|WeChat(?: ?Image| ?Video)?|Weixin(?: ?Image| ?Video)?)[ _-]?\d/i,
  /^(?:QQ|TIM)(?:图片|视频|_?Image|_?Video)[ _-]?\d/i,
  /^l(?:ADP|ALP|QLP)[0-9A-Za-z_-]{12,}/,
  /^(?:IMG|VID|PTT|AUD)-\d{8}-WA\d{4}/i,
  /^WhatsApp (?:Image|Video|Audio) \d{4}-/i,
  /^(?:photo|video)_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d/,
  /^signal-\d{4}-\d\d-\d\d/i,
  /^(?:received_\d{10,}|FB_IMG_\d{10,})/i,
]

/** What is known of a file when it is looked at for signs of a chat program. */
export interface ChatCopySigns {
  readonly name: string
  /** Its first bytes. */
  readonly head: Uint8Array
  /** Whether it came from a telephone, whose own camera always writes its make into a photograph. */
  readonly isFromPhone: boolean
}

/**
 * Whether a file is likely a chat program's compressed copy of what a camera made: by its name; of a telephone's photograph
 * also because no camera wrote into it. A film keeps what its camera says at its end, so only its name counts. Pure.
 */
export function isLikelyChatCopy({ name, head, isFromPhone }: ChatCopySigns): boolean {
  if (chatNames.some((pattern) => pattern.test(name))) return true
  return isFromPhone && namesCamera(Buffer.from(head.buffer, head.byteOffset, head.byteLength)) === false
}

/**
 * Whether a JPEG says which camera made it (EXIF, tag Make or Model). Null for what is no JPEG, and where that would stand
 * beyond the bytes that are here. Pure.
 */
export function namesCamera(head: Buffer): boolean | null {
  if (head.length < 4 || head.readUInt16BE(0) !== 0xffd8) return null
  for (let at = 2; at + 4 <= head.length; ) {
    const marker = head.readUInt16BE(at)
    if ((marker & 0xff00) !== 0xff00) return null
    // EXIF stands before the tables of the picture (Exif 2.32 §4.5.4): what comes after them is none.
    if (marker < 0xffe0 || (marker > 0xffef && marker !== 0xfffe)) return false
    const end = at + 2 + head.readUInt16BE(at + 2)
    if (marker === 0xffe1 && head.toString('latin1', at + 4, at + 10) === 'Exif\0\0') {
      return hasMake(head.subarray(at + 10, end))
    }
    at = end
  }
  return null
}

const makeTag = 0x010f
const modelTag = 0x0110

/** Of the first directory of a TIFF block. */
function hasMake(tiff: Buffer): boolean | null {
  if (tiff.length < 8) return null
  const isLittle = tiff.toString('latin1', 0, 2) === 'II'
  const u16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (first + 2 > tiff.length) return null
  const count = u16(first)
  for (let index = 0; index < count; index++) {
    const at = first + 2 + index * 12
    if (at + 12 > tiff.length) return null
    if (u16(at) === makeTag || u16(at) === modelTag) return true
  }
  return false
}
