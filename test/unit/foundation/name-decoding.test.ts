import t from 'tap'
import { decodeName, displayName } from '../../../services/foundation/name-decoding.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

t.test('a name in UTF-8 stays what it is, in any script that people write', async (t) => {
  const names = [
    'DSJ0001_012345_20261120083000_0001.MP4',
    '学校.mp4',
    '2026年11月20日 视频（一）—“笔录”.mp4',
    '喆喆 𠮷.mp4',
    'テスト ー 동영상.mp4',
    'Видео.mp4',
    'ВИДЕО с камеры.mp4',
    'МоёВидео.mp4',
    'Қазақстан.mp4',
    'café.mp4',
    'cafe\u0301.mp4',
    'naïve Dvořák ÜBUNG Đường phố.mp4',
    'Ελλάδα.mp4',
    'تصوير.mp4',
    'עברית.mp4',
    'ภาพ ཁམས.mp4',
    '25°C 640×360.mp4',
    'ё É.mp4',
    '🎥 一.mp4',
  ]
  for (const name of names) t.equal(decodeName(Buffer.from(name)), name)
})

t.test('a name in GBK is shown in Chinese, also where its bytes are valid UTF-8', async (t) => {
  const names: readonly (readonly [bytes: string, text: string])[] = [
    ['d1a7 d0a3 2e6d7034', '学校.mp4'],
    ['41 d1a7 d0a3 2e6d7034', 'A学校.mp4'],
    ['d0a1 d1a7 2e6d7034', '小学.mp4'],
    ['31 c2a5 2e6d7034', '1楼.mp4'],
    ['c2bc d2bb 2e6d7034', '录一.mp4'],
    ['c2b3 41 3132333435', '鲁A12345'],
    ['44534a c3a9', 'DSJ茅'],
    ['cba1', '恕'],
    ['d6d8 b5e3 2e6d7034', '重点.mp4'],
    ['c1aa cda8', '联通'],
    ['f0b1 baa7', '鸨骇'],
    ['9439da33 2e6d7034', '💩.mp4'],
    ['8139ee39 2e6d7034', '㐀.mp4'],
  ]
  for (const [bytes, text] of names) t.equal(decodeName(hex(bytes)), text)
})

t.test('what another program failed to decode is shown as the failure, not as 锟斤拷', async (t) => {
  t.equal(displayName(Buffer.from('\ufffd\ufffd.mp4')), '【U+FFFD×2】.mp4')
  t.equal(decodeName(Buffer.from('锟斤拷.mp4')), '锟斤拷.mp4')
})

// Every name of one, two and three of 120 common characters, by a fixed walk through the rows.
t.test('common Chinese characters in GBK come out as themselves', async (t) => {
  const pairs: number[][] = []
  for (let number = 0; number < 3755; number += 31) {
    pairs.push([0xb0 + Math.floor(number / 94), 0xa1 + (number % 94)])
  }
  const wrong: string[] = []
  const check = (bytes: readonly number[]) => {
    const raw = Buffer.from([...bytes, ...Buffer.from('.mp4')])
    const name = new TextDecoder('gbk').decode(raw)
    if (decodeName(raw) !== name) wrong.push(name)
  }
  for (const [at, one] of pairs.entries()) {
    check(one)
    for (const [step, other] of pairs.entries()) {
      check([...one, ...other])
      check([...one, ...other, ...pairs[(at * 3 + step * 7 + 1) % pairs.length]!])
    }
  }
  t.same(wrong, [])
})

t.test('a name that was cut inside a character shows the bytes that are left of it', async (t) => {
  const long = Buffer.from('执法记录'.repeat(30))
  t.equal(decodeName(long.subarray(0, 255)), '执法记录'.repeat(30).slice(0, 85))
  t.equal(decodeName(long.subarray(0, 254)), `${'执法记录'.repeat(30).slice(0, 84)}【0xE6】【0x89】`)
  t.equal(decodeName(hex('d6d8 b5')), '重【0xB5】')
  t.equal(decodeName(hex('61 813081')), 'a【0x81】0【0x81】')
})

t.test('bytes in neither encoding are shown byte by byte', async (t) => {
  t.equal(decodeName(hex('61 ff')), 'a【0xFF】')
  t.equal(decodeName(Buffer.from('café.mp4', 'latin1')), 'caf【0xE9】.mp4')
  t.equal(displayName(hex('fffe 5200 0a00')), '【0xFF】【0xFE】R【U+0000】【U+000A】【U+0000】', 'UTF-16 with its mark')
  t.equal(displayName(hex('5200 4500')), 'R【U+0000】E【U+0000】', 'UTF-16 without')
})

t.test('Big5 and Shift-JIS are never refused: what is not GBK is bytes, the rest reads as GBK', async (t) => {
  t.equal(decodeName(hex('bec7 aed5 2e6d7034')), new TextDecoder('gbk').decode(hex('bec7 aed5 2e6d7034')))
  t.equal(decodeName(hex('8365 8358 8367')), '僥僗僩')
  t.equal(decodeName(hex('b1 2e 6d')), '【0xB1】.m')
})

t.test('control, bidirectional and invisible characters of a name are shown as what they are', async (t) => {
  t.equal(displayName(Buffer.from('abc\u202egpj.exe')), 'abc【U+202E】gpj.exe')
  t.equal(displayName(Buffer.from('\ufeffREC\u200b.mp4')), '【U+FEFF】REC【U+200B】.mp4')
  t.equal(displayName(Buffer.from('a\n../b\0\0\0')), 'a【U+000A】../b【U+0000×3】')
  t.equal(displayName(Buffer.concat([hex('d1a7 d0a3'), Buffer.alloc(28)])), '学校【U+0000×28】')
})

t.test('blanks that a page would swallow or that pass for another are shown, others are not', async (t) => {
  t.equal(displayName(Buffer.from(' a  b. ')), '【U+0020】a 【U+0020】b.【U+0020】')
  t.equal(displayName(Buffer.from('a...')), 'a...', 'dots are seen')
  t.equal(displayName(Buffer.from('甲　乙　')), '甲　乙【U+3000】')
  t.equal(displayName(Buffer.from('a\u00a0b')), 'a【U+00A0】b')
})

t.test('names of 255 and 1,024 bytes are shown whole', async (t) => {
  t.equal(displayName(Buffer.alloc(255, 'n')), 'n'.repeat(255))
  t.equal(displayName(Buffer.from('学'.repeat(341))), '学'.repeat(341))
  const gbk = Buffer.concat(Array.from({ length: 512 }, () => hex('d1a7')))
  t.equal(displayName(gbk), '学'.repeat(512))
})
