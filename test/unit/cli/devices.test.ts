import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import encodeQR from 'qr'
import decodeQR from 'qr/decode.js'
import t from 'tap'
import { csvFile } from '../../../services/cli/csv-table.ts'
import { deviceTable, planImport, type RegisteredDevice } from '../../../services/cli/devices-csv.ts'
import { labelPdf } from '../../../services/cli/label-pdf.ts'
import { labelPage, labelTexts } from '../../../services/cli/label-sheet.ts'
import { deviceLabel } from '../../../services/foundation/device-label.ts'

const people = [{ id: 'person-1', account: 'zhangwei' }]
const device = (serial: string, change: Partial<RegisteredDevice> = {}): RegisteredDevice => ({
  ...{ serial, kind: 'recorder', model: 'DSJ-5', holderId: null, state: 'in_service' },
  registeredAt: '2026-11-26T01:00:00.000Z',
  ...change,
})

t.test('a label says which device it is, and its code nothing else', async (t) => {
  t.same(labelTexts({ serial: 'ZJ00001', kind: 'recorder', model: null }), {
    ...{ name: '执法记录仪', serial: 'ZJ00001', code: 'DEV-ZJ00001' },
  })
  const modules = encodeQR(deviceLabel('ZJ00001'), 'raw', { ecc: 'medium', border: 2 })
  const scale = 4
  const side = modules.length * scale
  const data = new Uint8Array(side * side * 4)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const shade = modules[Math.floor(y / scale)]![Math.floor(x / scale)] ? 0 : 255
      data.set([shade, shade, shade, 255], (y * side + x) * 4)
    }
  }
  t.equal(decodeQR({ width: side, height: side, data }), 'DEV-ZJ00001')
})

t.test('24 labels are on a sheet, and no name is markup', async (t) => {
  const devices = Array.from({ length: 25 }, (_, index) => ({ serial: `ZJ${index}`, kind: 'recorder', model: null }))
  const page = labelPage([...devices, { serial: '<b>&', kind: 'drone', model: '<script>' }])
  t.equal(page.match(/<section>/g)?.length, 2)
  t.equal(page.match(/<article>/g)?.length, 26)
  t.notMatch(page, /<script>|<b>&/)
  const pdf = (await labelPdf(devices)).toString('latin1')
  t.equal(pdf.slice(0, 5), '%PDF-')
  t.equal(pdf.match(/\/Type \/Page\b/g)?.length, 2)
})

t.test('the register goes out as a table that a spreadsheet opens, and comes back as the same', async (t) => {
  const devices = [
    device('ZJ00001', { holderId: 'person-1', model: 'DSJ, "5"' }),
    device('HP00001', { kind: 'camera', state: 'in_repair', model: '=cmd' }),
  ]
  devices.push(device('-A1'), device('=X', { model: "'=cmd" }))
  const text = csvFile(deviceTable(devices, people))
  t.equal(text.charCodeAt(0), 0xfeff)
  const lines = text.slice(1).split('\r\n')
  t.same(lines.slice(0, 2), [
    'serial,kind,model,holder,state,registered_at',
    'ZJ00001,执法记录仪,"DSJ, ""5""",zhangwei,在用,2026-11-26T01:00:00.000Z',
  ])
  t.match(lines[2], /^HP00001,录像机,'=cmd,,送修,/, 'no formula')
  const path = join(t.testdir({ 'devices.csv': text }), 'devices.csv')
  const plan = await planImport(path, { devices, people })
  t.same(plan, { fresh: [], known: 4, differing: [] })
})

t.test('an import names what is new and what differs, and understands GBK', async (t) => {
  const folder = t.testdir({})
  const path = join(folder, 'devices.csv')
  const head = Buffer.from('serial,kind,model,holder\n')
  // 执法记录仪, 本人手机
  const recorder = Buffer.from('d6b4b7a8bcc7c2bcd2c7', 'hex')
  const phone = Buffer.from('b1bec8cbcad6bbfa', 'hex')
  const row = (serial: string, kind: Buffer, rest: string) =>
    Buffer.concat([Buffer.from(`${serial},`), kind, Buffer.from(`,${rest}\n`)])
  await writeFile(path, Buffer.concat([head, row('ZJ1', recorder, 'DSJ-6,'), row('SJ1', phone, ',zhangwei')]))
  t.same(await planImport(path, { devices: [device('ZJ1')], people }), {
    fresh: [{ serial: 'SJ1', kind: 'phone', model: null, state: 'in_service', holderId: 'person-1' }],
    known: 1,
    differing: [{ line: 2, serial: 'ZJ1', member: 'model' }],
  })
  await writeFile(
    path,
    'serial,kind,model,holder,state\nZJ1,toaster,,,\nZJ2,recorder,,lina,\nZJ3,recorder,,,坏\nZJ3,drone,,,\nZJ4,drone,,,遗失\n',
  )
  await t.rejects(planImport(path, { devices: [], people }), {
    code: 'bad_request',
    message: /line 2: kind.*line 3: holder.*line 4: state.*line 5: serial.*line 6: state.*nothing was imported/s,
  })
})
