import t from 'tap'
import {
  belowStore,
  readListing,
  readPorts,
  readSerial,
  readSpace,
} from '../../../services/dock/sources/mtp-listing.ts'
import { VolumeDamaged } from '../../../services/dock/sources/source.ts'

const head = 'Model                          Port\n----------------------------------------------------------\n'

t.test('what is attached is read from the table of gphoto2', async (t) => {
  t.same(readPorts(head), [])
  t.same(readPorts(''), [])
  t.same(readPorts(`${head}Canon EOS 90D                  usb:001,005     \nUSB PTP Class Camera  usb:002,011\n`), [
    { model: 'Canon EOS 90D', port: 'usb:001,005' },
    { model: 'USB PTP Class Camera', port: 'usb:002,011' },
  ])
  const mounted = 'Mass Storage Camera            disk:/run/custody-dock/slot-01\n'
  t.same(readPorts(`${head}${mounted}`), [], 'a mounted card is no device on a cable')
  t.same(readPorts('Canon EOS 90D   usb:001,005\n'), [], 'no table')
})

t.test('a serial is what the summary says, and none where it says only noughts', async (t) => {
  t.equal(readSerial('Manufacturer: X\n  Serial Number: ZJ00001\nVersion: 1\n'), 'ZJ00001')
  t.equal(readSerial('Serial Number: 0000000000\n'), null)
  t.equal(readSerial('Serial Number: a b\n'), null)
  t.equal(readSerial('nothing'), null)
})

t.test('space is the sum of all stores', async (t) => {
  const store = (total: number, free: number) => `[Storage 0]\nlabel=x\ntotalcapacity=${total} KB\nfree=${free} KB\n`
  t.same(readSpace(store(4000, 1000) + store(100, 1)), { sizeBytes: 4100 * 1024, freeBytes: 1001 * 1024 })
  t.same(readSpace(''), { sizeBytes: 0, freeBytes: 0 })
})

const line = (name: string | Buffer, bytes: number, rest = ' FILETYPE=image/jpeg FILEMTIME=1795894988') =>
  Buffer.concat([
    Buffer.from("FILENAME='/"),
    Buffer.from(name as string),
    Buffer.from(`' PERMS=rd FILESIZE=${String(bytes).padStart(12)}${rest}\n`),
  ])

t.test('a listing gives names as bytes, with lengths and times, in the order of their paths', async (t) => {
  const gbk = Buffer.concat([Buffer.from('DCIM/VID '), Buffer.of(0xd6, 0xb4), Buffer.from('.MP4')])
  const files = readListing(Buffer.concat([line('DCIM/b.JPG', 7), line(gbk, 3_000_000), line('DCIM/a.JPG', 0)]), 10)
  t.same(
    files.map(({ path, name, bytes, modifiedMs }) => [path.toString('latin1'), name.length, bytes, modifiedMs]),
    [
      [gbk.toString('latin1'), 10, 3_000_000, 1795894988000],
      ['DCIM/a.JPG', 5, 0, 1795894988000],
      ['DCIM/b.JPG', 5, 7, 1795894988000],
    ],
  )
  t.match(readListing(line('x.JPG', 1, ''), 10), [{ bytes: 1, modifiedMs: 0 }], 'no time')
  t.match(readListing(line('x.JPG', 1, ' IMGWIDTH=4000 IMGHEIGHT=3000 FILETYPE=image/jpeg'), 10), [{ bytes: 1 }])
  t.same(readListing(Buffer.alloc(0), 10), [])
})

t.test('a name that looks like the rest of its line is taken whole', async (t) => {
  const name = "a' PERMS=rd FILESIZE= 5 FILETYPE=x.JPG"
  t.match(readListing(line(name, 9), 10), [{ path: Buffer.from(name), bytes: 9 }])
})

t.test('what cannot be understood is a damaged volume, never a shorter list', async (t) => {
  const wrong = [
    Buffer.from('*** Error ***\n'),
    Buffer.concat([line('a.JPG', 1), Buffer.from("FILENAME='/b.JPG'\n")]),
    line('with\nnewline.JPG', 1),
    Buffer.concat([line('a.JPG', 1), line('a.JPG', 2)]),
    Buffer.concat([line('a.JPG', 1), line('b.JPG', 2), line('c.JPG', 2)]),
  ]
  for (const printed of wrong) {
    try {
      readListing(printed, 2)
      t.fail('it was taken')
    } catch (error) {
      t.type(error, VolumeDamaged)
    }
  }
})

t.test('profiles know paths without the name of the store', async (t) => {
  t.equal(belowStore(Buffer.from('store_00010001/DCIM/a.JPG')).toString(), 'DCIM/a.JPG')
  t.equal(belowStore(Buffer.from('DCIM/store_00010001/a.JPG')).toString(), 'DCIM/store_00010001/a.JPG')
})
