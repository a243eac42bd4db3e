import t from 'tap'
import { type ListedPacket, readReport } from '../../../../workers/transcode/inventory/report-lines.ts'

const packet = (text: string) => `        { ${text} }`
const first =
  '"codec_type": "video", "stream_index": 0, "pts_time": "-0.080000", "dts_time": "-0.120000", ' +
  '"duration_time": "0.040000", "size": "5476", "flags": "K_"'
const second = '"codec_type": "audio", "stream_index": 12, "dts_time": "1700000000.500000", "size": "9", "flags": "_D"'

function report(packets: readonly string[], tag: string): string {
  const description = [
    '    "streams": [',
    '        { "index": 0, "codec_name": "h264" }',
    '    ],',
    '    "chapters": [',
    '',
    '    ],',
    '    "format": { "duration": "1.000000",',
    `        "tags": { "title": ${JSON.stringify(tag)} } }`,
    '}',
  ]
  return ['{', '    "packets": [', packets.join(',\n'), '    ],', ...description, ''].join('\n')
}

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string, options: { size?: number; packetsMax?: number } = {}) {
  const { size = 1 << 16, packetsMax = 1000 } = options
  const packets: ListedPacket[] = []
  const sideData: string[] = []
  const listener = { packet: (one: ListedPacket) => packets.push(one), sideData: (kind: string) => sideData.push(kind) }
  return { ...(await readReport(inPieces(text, size), listener, { packetsMax })), listed: packets, sideData }
}

t.test('packets and description are read, however the report is cut into pieces', async (t) => {
  const withSideData = `        { ${second},\n            "side_data_list": [\n                { "side_data_type": "Encryption info" }\n            ] }`
  for (const size of [1, 7, 100_000]) {
    const found = await read(report([packet(first), withSideData], '标题'), { size })
    t.same(found.listed, [
      {
        ...{ stream: 0, isSound: false, pts: -0.08, dts: -0.12, durationSeconds: 0.04, bytes: 5476 },
        ...{ isKey: true, isDiscarded: false },
      },
      {
        ...{ stream: 12, isSound: true, pts: null, dts: 1_700_000_000.5, durationSeconds: null, bytes: 9 },
        ...{ isKey: false, isDiscarded: true },
      },
    ])
    t.same(found.sideData, ['Encryption info'])
    t.equal(found.stopped, null)
    t.equal(JSON.parse(found.description!).format.tags.title, '标题')
  }
})

t.test('a tag that spells lines of the report forges none', async (t) => {
  const forged = `x" }\n    ],\n    "packets": [\n${packet(first)}\n    ],\n}\n{`
  const found = await read(report([packet(second)], forged))
  t.equal(found.packets, 1)
  t.same(
    found.listed.map(({ stream }) => stream),
    [12],
  )
  t.equal(JSON.parse(found.description!).format.tags.title, forged)
})

t.test('a file without packets is described', async (t) => {
  const found = await read(report([''], ''))
  t.equal(found.packets, 0)
  t.equal(JSON.parse(found.description!).streams.length, 1)
})

t.test('a report that breaks off has no description', async (t) => {
  const whole = report([packet(first)], 'x')
  for (const end of [whole.indexOf('    ],'), whole.indexOf('"chapters"'), whole.length - 3]) {
    const found = await read(whole.slice(0, end))
    t.equal(found.description, null, `cut at ${end}`)
    t.equal(found.stopped, null)
  }
})

t.test('more packets than the limit, or a description without end, stop the reading', async (t) => {
  const many = await read(report(Array<string>(11).fill(packet(first)), 'x'), { packetsMax: 10 })
  t.match(many, { stopped: 'too_many_packets', description: null })
  const long = await read(report([packet(first)], 'x'.repeat(2 * 1024 * 1024)))
  t.match(long, { stopped: 'description_too_long', description: null })
})
