import encodeQR from 'qr'
import decodeQR from 'qr/decode.js'
import t from 'tap'
import { type Slip, slipCode, slipPage } from '../../../../services/dock/screen/slip.ts'
import { slipRemarks } from '../../../../services/dock/screen/slip-words.ts'

const at = Date.UTC(2026, 10, 26, 9, 58)
const ledger = {
  firstIndex: 48_211,
  lastIndex: 48_224,
  leafHash: '9c1f22aa'.repeat(8),
  size: 48_902,
  root: 'nb/+AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw=',
  checkAddress: 'https://custody.test/check',
}

function slipOf(changes: Partial<Slip> = {}): Slip {
  const file = { bytes: 812_345_678, mark: false, sha256: 'ab12'.repeat(16), receipt: 'witnessed' as const }
  return {
    form: 'a4',
    bureau: '张家窝镇综合执法局',
    station: '采集站一',
    slot: 2,
    printedAt: at,
    isReprint: false,
    handInId: '0199c2a4-7d11-7b60-9c55-3a0c11f2d118',
    insertedAt: at - 1_020_000,
    person: { name: '李娜', number: '100245' },
    device: { serial: 'ZJ00031', model: 'DSJ-5' },
    clockOffsetMs: 12_400,
    files: [0, 1, 2].map((number) => ({ ...file, number, name: `ZJ00031_000${number + 1}.MP4`, mark: number === 0 })),
    gaps: [],
    remaining: null,
    hosts: ['nas-1', 'nas-2', 'nas-3'],
    ledger,
    remarks: [],
    ...changes,
  }
}

t.test('the slip says what was handed in, by whom, from which device, and what it proves', async (t) => {
  const page = slipPage(slipOf())
  for (const part of [
    '执法音像资料交存回执',
    '李娜（100245）',
    'ZJ00031（DSJ-5）',
    '3 个，2,437,037,034 字节，重点 1 个',
    '快 12 秒（校时前测得）',
    '2026年11月26日17时41分',
    '已外部见证 3，共 3',
    'nas-1、nas-2、nas-3',
    '第 48,211 至 48,224 条',
    'ab12ab12ab12ab12',
    '本回执只证明交存以后未改动，不证明交存以前的情况。',
    '交存人',
  ]) {
    t.ok(page.includes(part), part)
  }
  t.notMatch(page, /补打|<script|https?:\/\/custody/)
  t.match(slipPage(slipOf({ hosts: ['nas-1'] })), /nas-1（三份在同一台主机上）/)
  t.match(slipPage(slipOf({ isReprint: true })), /（补打）/)
})

t.test('it is provisional until each receipt is witnessed, and says so in a frame', async (t) => {
  const state = (page: string) => /<p class="state( whole)?">([^<]+)</.exec(page)?.slice(1)
  t.same(state(slipPage(slipOf())), [' whole', '已外部见证'])
  const [first, ...rest] = slipOf().files
  const page = slipPage(slipOf({ files: [{ ...first!, receipt: 'provisional' }, ...rest] }))
  t.same(state(page), [undefined, '临时'])
  t.match(page, /已外部见证 2，临时 1，共 3/)
  t.same(state(slipPage(slipOf({ files: [], ledger: null, hosts: [] }))), [undefined, '临时'], 'nothing is no proof')
})

t.test('a roll is a summary, a sheet lists every file', async (t) => {
  t.match(slipPage(slipOf()), /<td class="figure">3<\/td>\s*<td class="name"><bdi>ZJ00031_0003\.MP4/, 'counted from 1')
  t.notMatch(slipPage(slipOf({ form: 'roll' })), /ZJ00031_0003\.MP4/)
})

t.test('what was not as usual stands on it', async (t) => {
  const page = slipPage(
    slipOf({
      person: null,
      clockOffsetMs: null,
      remarks: ['before_witness', 'device_stated'],
      remaining: { files: 3, until: at + 86_400_000 },
      gaps: [
        {
          kind: 'time',
          lengthMs: 1,
          missingNumbers: null,
          explained: { reason: 'battery', words: null, grade: 'slot' },
        },
        { kind: 'number', lengthMs: null, missingNumbers: 2, explained: null },
      ],
    }),
  )
  for (const part of [
    slipRemarks.before_witness,
    slipRemarks.device_stated,
    '余 3 个文件待补交，请于2026年11月27日17时58分前放回任一采集站',
    '2 处，说明：电量不足，待说明 1 处',
    '不明',
    '未能测得',
  ]) {
    t.ok(page.includes(part), part)
  }
})

t.test('names are text: no markup, no turned writing', async (t) => {
  const name = '\u202egpj.<script>alert(1)</script>.MP4'
  const [file] = slipOf().files
  const page = slipPage(slipOf({ files: [{ ...file!, name }], person: { name, number: null }, bureau: name }))
  t.notMatch(page, '<script')
  t.notMatch(page, '\u202e')
  t.match(page, '【U+202E】gpj.&#60;script&#62;')
})

t.test('the code is an address whose fragment holds index, leaf, size and root', async (t) => {
  const code = slipCode(ledger)
  t.equal(
    code,
    `https://custody.test/check#receipt/v2/48224/${ledger.leafHash}/48902/nb_-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw`,
  )
  t.equal(new URL(code).pathname, '/check', 'a server sees none of it')
  const scale = 4
  const dots = encodeQR(code, 'raw', { ecc: 'medium', border: 2 })
  const side = dots.length * scale
  const data = new Uint8Array(side * side * 4)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isDark = dots[Math.floor(y / scale)]![Math.floor(x / scale)]
      data.set([isDark ? 0 : 255, isDark ? 0 : 255, isDark ? 0 : 255, 255], (y * side + x) * 4)
    }
  }
  t.equal(decodeQR({ width: side, height: side, data }), code)
})
