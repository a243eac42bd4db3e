import { hash } from 'node:crypto'
import { Fault } from '../foundation/errors.ts'

// A share of the recovery key as text, in a file or on paper:
//
//   custody-recovery-share/v1
//   share 2 of 3, any 2 are enough
//   recipient age1…
//   1: ABCD EFGH JKLM NPQR  ST
//   … four lines: 20 bytes (80 letters) to a pair of lines, with two check letters at the end of each
//
// The letters are those of base 32 without I, O, 0 and 1. They spell the share's 33 bytes and the first 7 of a SHA-256 over
// everything above and the share: what is typed off wrongly is found line by line, what was changed as a whole.

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const shareBytes = 33
const checksumBytes = 7
const lineLetters = 16
const lines = ((shareBytes + checksumBytes) * 8) / 5 / lineLetters
const firstLine = 'custody-recovery-share/v1'

/** One of the shares that a recovery key was split into. */
export interface RecoveryShare {
  /** From 1. */
  readonly number: number
  readonly of: number
  /** So many different ones make the key. */
  readonly needed: number
  /** The public half (`age1…`) of the key that it belongs to. */
  readonly recipient: string
  readonly bytes: Uint8Array
}

/** The share as text, with what its keeper has to know. */
export function shareText(share: RecoveryShare): string {
  const { number, of, needed, recipient } = share
  const spelled = spell(Buffer.concat([share.bytes, checksumOf(share)]))
  const groups = Array.from({ length: lines }, (_, at) => {
    const line = spelled.slice(at * lineLetters, (at + 1) * lineLetters)
    return `${at + 1}: ${line.replace(/(.{4})(?=.)/g, '$1 ')}  ${checkLetters(share, at, line)}`
  })
  return [
    firstLine,
    `share ${number} of ${of}, any ${needed} are enough`,
    `recipient ${recipient}`,
    ...groups,
    '',
    `# 这是本单位恢复密钥的第 ${number} 份（共 ${of} 份，任意 ${needed} 份可恢复）。`,
    '# 请单独装入信封，骑缝签名，由不同的人存放在不同的保险柜；不要与另一份放在一起，不要拍照，不要存入联网电脑。',
    '# 每行末尾两个字母是校验字母；没有字母 I、O 和数字 0、1。',
    `# This is share ${number} of ${of} of the bureau's recovery key; any ${needed} of them make the key.`,
    '# Put it alone into an envelope, sign across the flap, and keep each share with another person in another safe.',
    '# The two letters at the end of a line check that line; there is no I, O, 0 or 1.',
  ].join('\n')
}

/**
 * Reads a share, from a file or typed off paper: small letters, other spacing and lines that begin with # do not matter.
 *
 * @throws bad_request naming `path` and the line
 */
export function parseShare(text: string, path: string): RecoveryShare {
  const wrong = (problem: string) => new Fault('bad_request', `${path}: ${problem}`)
  const [first = '', second = '', third = '', ...rest] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (first !== firstLine) throw wrong(`this is no share of a recovery key: its first line is not '${firstLine}'`)
  const counts = /^share (\d{1,3}) of (\d{1,3}), any (\d{1,3}) are enough$/.exec(second)
  const recipient = /^recipient (age1[a-z0-9]{58})$/.exec(third)?.[1]
  if (!counts) throw wrong("its second line must read 'share 2 of 3, any 2 are enough', with its own numbers")
  if (!recipient) throw wrong("its third line must read 'recipient age1…'")
  const [number, of, needed] = counts.slice(1).map(Number) as [number, number, number]
  const head = { number, of, needed, recipient }
  if (rest.length !== lines) throw wrong(`${lines} lines of letters follow, not ${rest.length}`)
  const spelled = rest.map((line, at) => lineOf(head, line, { at, wrong })).join('')
  const bytes = unspell(spelled)
  const share = { ...head, bytes: new Uint8Array(bytes.subarray(0, shareBytes)) }
  if (!checksumOf(share).equals(bytes.subarray(shareBytes))) {
    throw wrong(
      'its lines are whole, but do not belong together: they are of different shares, or its head was changed',
    )
  }
  return share
}

type Head = Omit<RecoveryShare, 'bytes'>

function lineOf(head: Head, line: string, { at, wrong }: { at: number; wrong: (problem: string) => Fault }): string {
  const typed = line.toUpperCase().replace(/^\d+\s*:/, '')
  const found = typed.replaceAll(/\s/g, '')
  const strange = [...found].find((letter) => !letters.includes(letter))
  if (strange) throw wrong(`line ${at + 1} of the letters: '${strange}' is not used; look at the paper again`)
  const expected = lineLetters + 2
  if (found.length !== expected) {
    throw wrong(`line ${at + 1} of the letters: ${expected} letters with the two check letters, not ${found.length}`)
  }
  const said = found.slice(0, lineLetters)
  if (checkLetters(head, at, said) === found.slice(lineLetters)) return said
  throw wrong(
    `line ${at + 1} of the letters: its check letters do not fit: a letter is wrong, or it is another share's line`,
  )
}

/** Two letters over the number of the share, the place of the line and its letters. */
function checkLetters({ number, recipient }: Head, at: number, line: string): string {
  return spell(hash('sha256', `${recipient} ${number} ${at + 1} ${line}`, 'buffer').subarray(0, 5)).slice(0, 2)
}

function checksumOf({ number, of, needed, recipient, bytes }: RecoveryShare): Buffer {
  const head = Buffer.from(`${firstLine} ${number} ${of} ${needed} ${recipient} `)
  return hash('sha256', Buffer.concat([head, bytes]), 'buffer').subarray(0, checksumBytes)
}

/** Five bytes are eight letters. */
function spell(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[Number.parseInt(five, 2)]).join('')
}

function unspell(text: string): Buffer {
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}
