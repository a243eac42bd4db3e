import { plain, shownByCode } from './plain-text.ts'

// A device writes a name in UTF-8 or in its own GBK, and says nowhere which. Many names are valid in both: the GBK bytes of
// 学校 are the UTF-8 bytes of ѧУ. What is taken is the reading that looks like something that people write.

/** A name read in one encoding. `left` counts bytes at its end that begin a character: the name was cut to fit somewhere. */
interface Reading {
  readonly text: string
  readonly left: number
}

const encodings = ['utf-8', 'gb18030'] as const
type Encoding = (typeof encodings)[number]

/** The beginning of a character, as Latin-1. */
const begun: Readonly<Record<Encoding, RegExp>> = {
  'utf-8': /^(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})$/,
  gb18030: /^[\x81-\xfe](?:[0-9][\x81-\xfe]?)?$/,
}

/** A name is judged by its first characters: they are enough, and a list may hold ten thousand long names. */
const judgedCharacters = 256
const judged = ({ text }: Reading): string => text.slice(0, judgedCharacters)

/**
 * The text of a raw file name. It is UTF-8 or GBK (with the four-byte characters of GB 18030); where the bytes are valid in
 * both, the reading that is less strange counts, and UTF-8 when both are equally so:
 *
 * - not strange are ASCII, common Chinese characters, kana and Hangul, common punctuation, and words: three letters or more of
 *   one of today's alphabets, in capitals and small letters as words have them
 * - strange, from 1 to 3 points a character, are less common and rare Chinese characters, letters that form no word, lone
 *   signs of Latin-1, invisible and unassigned characters
 *
 * In bytes that are neither, ASCII stays and each other byte is written as `【0xFF】`; so is the beginning of a character at the
 * end of a name that was cut. Characters that are not seen are left as they are: `plain` shows them.
 */
export function decodeName(raw: Uint8Array): string {
  const [utf8, gb18030] = encodings.map((encoding) => read(encoding, raw))
  const reading = utf8 && gb18030 ? lessStrange(utf8, gb18030) : (utf8 ?? gb18030)
  if (!reading) return bytesShown(raw)
  return reading.text + bytesShown(raw.subarray(raw.length - reading.left))
}

/**
 * A device's raw file name as text to show, everywhere the same: decoded by what yields words, with what cannot be seen shown
 * by its code (`plain`), and so are blanks that a page would swallow or that pass for another. The raw bytes stay what counts.
 */
export function displayName(raw: Uint8Array): string {
  return plain(decodeName(raw)).replaceAll(hiddenBlanks, (run) => run.replaceAll(/(.)\1*/gu, shownByCode))
}

/** Blanks at either end or after another one, and those that are not a keyboard's. */
const hiddenBlanks = /^[ \u3000]+|(?<=[ \u3000])[ \u3000]+|[ \u3000]+$|[\u00a0\u1680\u2000-\u200a\u202f\u205f]+/gu

function read(encoding: Encoding, raw: Uint8Array): Reading | null {
  for (let left = 0; left <= Math.min(3, raw.length - 1); left++) {
    const end = raw.length - left
    if (left > 0 && !begun[encoding].test(Buffer.from(raw.subarray(end)).toString('latin1'))) continue
    const text = decode(encoding, raw.subarray(0, end))
    if (text !== null) return { text, left }
  }
  return null
}

function decode(encoding: Encoding, raw: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    return null // not in this encoding; the next one is tried
  }
}

function lessStrange(utf8: Reading, gb18030: Reading): Reading {
  // Bytes fit UTF-8's characters of three and four bytes by chance only rarely: each speaks against GBK.
  const longForms = [...judged(utf8)].filter((one) => one >= '\u0800' && !unassigned.test(one)).length
  return strangeness(gb18030) + longForms < strangeness(utf8) ? gb18030 : utf8
}

/** How little a reading looks like something that people write: 0 for words and common Chinese, then points by character. */
function strangeness(reading: Reading): number {
  const withoutWords = judged(reading).replaceAll(letters, (run) => (isWord(run) ? ' ' : run))
  const characters = [...withoutWords.replaceAll(/(?<=\d)°/g, '')].filter((character) => character > '\x7f')
  return characters.reduce((sum, character) => sum + strangenessOf(character), reading.left > 0 ? 3 : 0)
}

const unassigned = /[\p{Cn}\p{Co}]/u

function strangenessOf(character: string): number {
  if (character === '\ufffd') return 1 // somebody else's failure to decode, written down in UTF-8
  if (unassigned.test(character)) return 3
  if (/[\p{C}\p{Default_Ignorable_Code_Point}]/u.test(character)) return 2
  if (/\p{Script=Han}/u.test(character)) return hanStrangeness(character)
  if (eastAsianLetter.test(character)) return character < '\u0800' ? 2 : 0
  if (/[\p{L}\p{M}]/u.test(character)) return character < '\u0800' ? 2 : 1
  // Marks and signs: ’ — … № ℃ 、。（） are common, those of the second half of Latin-1 (¥ · ¼ ×) are few.
  if (character < '\u0100') return 1
  return character < '\u0800' ? 2 : 0
}

/** The common characters of GB 2312 stand in its rows 16 to 55, the less common in 56 to 87; all others are rare. */
function hanStrangeness(character: string): number {
  if (commonHan.has(character)) return 0
  if (lessCommonHan.has(character)) return 1
  return character < '\u{20000}' ? 2 : 3
}

const commonHan = gb2312(0xb0, 0xd7)
const lessCommonHan = gb2312(0xd8, 0xf7)

function gb2312(firstRow: number, lastRow: number): ReadonlySet<string> {
  const characters = new Set<string>()
  for (let row = firstRow; row <= lastRow; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const character = decode('gb18030', Uint8Array.of(row, cell))
      if (character !== null && /\p{Script=Han}/u.test(character)) characters.add(character)
    }
  }
  return characters
}

/** Of the East Asian scripts besides Chinese characters; ー is common to two of them. */
const eastAsian = String.raw`\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}ー`
const eastAsianLetter = new RegExp(`[${eastAsian}]`, 'v')
/** Letters that stand together, of any other script. */
const letters = new RegExp(String.raw`[[\p{L}\p{M}]--[\p{Script=Han}${eastAsian}]]+`, 'gv')

// The letters of today's languages. Others (ѧ, Ʊ, ȷ) are what GBK looks like in UTF-8, and so is Latin without plain letters.
const alphabets = [
  /^(?=.*[A-Za-z])[A-Za-zÀ-ÖØ-öø-ſƠơƯưǍ-ǜȘ-ț\u1e00-\u1eff]+$/,
  /^[\u0400-\u045fҒғҖҗҚқҢңҮүҰұҺһӘәӨө]+$/,
  /^[\u0386-\u03ce\u1f00-\u1fff]+$/,
  ...['Arab', 'Beng', 'Deva', 'Geor', 'Hebr', 'Khmr', 'Laoo', 'Mong', 'Mymr', 'Taml', 'Thai', 'Tibt'].map(
    (script) => new RegExp(`^\\p{Script_Extensions=${script}}+$`, 'u'),
  ),
]
/** `видео`, `ВИДЕО`, `Видео`, `МоёВидео`; a capital at the end or among capitals and small letters is no word. */
const plausibleCase = /^(?:\p{Lu}+|(?:\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+)+)$/u

/** Three letters of one of today's alphabets or more, in capitals and small letters as words have them. */
function isWord(run: string): boolean {
  const onlyLetters = run.replaceAll(/\p{M}/gu, '')
  if ([...onlyLetters].length < 3 || !plausibleCase.test(onlyLetters)) return false
  const withoutAccents = run.replaceAll(/[\u0300-\u030c]/g, '')
  return alphabets.some((alphabet) => alphabet.test(withoutAccents))
}

function bytesShown(raw: Uint8Array): string {
  return [...raw]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `【0x${byte.toString(16).toUpperCase()}】`))
    .join('')
}
