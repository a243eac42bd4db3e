import t from 'tap'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { isFootage, isListed, isUntouched, partsOf, readName } from '../../../services/dock/profiles/seen-name.ts'

const profiles = new Map((await readProfiles([ownProfiles])).map((profile) => [profile.name, profile]))
const path = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)))

t.test('names of each profile that comes with the agent', async (t) => {
  const names: readonly [string, string, object][] = [
    ['recorder-zfy', 'DSJ/ZJ00001_P00231_20261126140322_0001.MP4', { serial: 'ZJ00001', runningNumber: 1 }],
    ['recorder-cam', 'VIDEO/20261126/ZJ00001@P00231@20261126140322@0002_SOS.MP4', { runningNumber: 2, mark: true }],
    ['recorder-locked', 'RECORD/DSJ-ZJ00001-P00231-20261126140322-0003.MP4', { officerNumber: 'P00231' }],
    ['recorder-plain', 'MOVIE/20261126_140322_0004.MOV', { serial: null, clock: '14:03:22', runningNumber: 4 }],
    ['camera-dcim', 'DCIM/100CANON/MVI_0123.MOV', { runningNumber: 123, date: null }],
    ['camera-dcim', 'DCIM/100MSDCF/DSC01234.JPG', { runningNumber: 1234 }],
    ['camera-dcim', 'AVCHD/BDMV/STREAM/00007.MTS', { runningNumber: 7 }],
    ['drone-dji', 'DCIM/100MEDIA/DJI_0001.MP4', { runningNumber: 1 }],
    ['drone-dji', 'DCIM/100MEDIA/DJI_20261126140322_0002_D.MP4', { runningNumber: 2, clock: '14:03:22' }],
    ['audio-pen', 'RECORD/REC0005.WAV', { runningNumber: 5 }],
    ['generic', 'DSJ_ZJ00001_P00231_20261126140322_0007_标记.MP4', { serial: 'ZJ00001', mark: true }],
  ]
  for (const [name, file, fields] of names) {
    const profile = profiles.get(name)!
    t.match(readName(profile, path(file)).fields, fields, file)
    t.ok(isFootage(profile, path(file)), `${file} counts`)
  }
})

t.test('the mark of a GBK name, of a UTF-8 name, and of a folder', async (t) => {
  const zfy = profiles.get('recorder-zfy')!
  const stem = 'DSJ/ZJ00001_P00231_20261126140322_0001_'
  t.ok(readName(zfy, path(stem, Buffer.from('d6d8b5e3', 'hex'), '.MP4')).mark, '重点 in GBK')
  t.ok(readName(zfy, path(stem, '重点.MP4')).mark, '重点 in UTF-8')
  t.ok(readName(zfy, path('DSJ/Important/anything.MP4')).mark, 'whatever its name')
  t.notOk(readName(zfy, path('DSJ/IMPORTANT.MP4')).mark)
})

t.test('the device time is what the name says, with the profile’s zone', async (t) => {
  const zfy = profiles.get('recorder-zfy')!
  const time = (digits: string) => readName(zfy, path(`DSJ/ZJ00001_P00231_${digits}_0001.MP4`)).deviceTime
  t.equal(time('20261126140322'), '2026-11-26T14:03:22+08:00')
  t.equal(time('20260230140322'), '2026-02-30T14:03:22+08:00', 'a day that there is not')
  t.equal(time('19700101000000'), '1970-01-01T00:00:00+08:00', 'a clock that was reset')
  t.equal(time('20369999999999'), null)
  t.equal(readName(profiles.get('drone-dji')!, path('DCIM/100MEDIA/DJI_0001.MP4')).deviceTime, null)
})

t.test('a film is listed wherever it lies, but for folders of computers and somebody’s own telephone', async (t) => {
  const zfy = profiles.get('recorder-zfy')!
  for (const file of ['A.MP4', 'OLD/A.mov', 'DSJ/LOG/A.MP4', 'DCIM/100MEDIA/A.MP4', 'DSJ/VIDEO/a.WEBM', 'x/y/a.wav']) {
    t.ok(isListed(zfy, path(file)), file)
    t.notOk(isFootage(zfy, path(file)), `${file} is never cleared`)
  }
  for (const file of ['$RECYCLE.BIN/A.MP4', 'System Volume Information/A.MP4', 'DSJ/a.TXT', 'a.MP4_']) {
    t.notOk(isListed(zfy, path(file)), file)
  }
  t.notOk(isListed(profiles.get('phone')!, path('Android/media/chat/A.MP4')))
})

// Names that real file systems have held, byte for byte.
const hostile: readonly Buffer[] = [
  Buffer.from('d1a7d0a32e6d7034', 'hex'), // 学校.mp4 in GBK, valid UTF-8 too
  Buffer.from('8130813089382e4d5034', 'hex'), // four-byte GB 18030
  Buffer.from('a4a4a4e5a6722e4d5034', 'hex'), // Big5
  Buffer.from('93fa967b8cea2e4d5034', 'hex'), // Shift-JIS
  Buffer.from('5a004a0030003000', 'hex'), // UTF-16
  Buffer.from('fffe80c0', 'hex'), // nothing at all
  Buffer.from('a\0\0\0.MP4'),
  Buffer.from('ZJ00001_P00231_20261126140322_0001\n.MP4'),
  Buffer.from('\u202e4PM.ZJ00001'),
  Buffer.from('... .MP4  '),
  Buffer.from('.MP4'),
  Buffer.from('MP4'),
  Buffer.alloc(255, 0x41),
  Buffer.alloc(1024, 0xd6),
  Buffer.from('%s%n$(reboot);`x`'),
]

t.test('hostile names are read by every profile without harm, and say nothing', async (t) => {
  for (const profile of [...profiles.values(), null]) {
    for (const name of hostile) {
      t.equal(readName(profile, name).fields?.serial ?? null, null)
      t.type(isFootage(profile, name), 'boolean')
    }
  }
  t.ok(isFootage(null, hostile[5]!), 'without a profile every file counts')
})

t.test('the same name in two folders is two files', async (t) => {
  const dcim = profiles.get('camera-dcim')!
  for (const folder of ['100CANON', '101CANON']) t.ok(isFootage(dcim, path(`DCIM/${folder}/MVI_0001.MOV`)))
})

t.test('what no profile counts: other folders, other suffixes, folders that are never touched', async (t) => {
  const zfy = profiles.get('recorder-zfy')!
  for (const file of ['A.MP4', 'OTHER/A.MP4', 'DSJ/A.TXT', 'DSJ/MP4', 'DSJ/LOG/A.MP4', 'DSJX/A.MP4']) {
    t.notOk(isFootage(zfy, path(file)), file)
  }
  t.ok(isFootage(zfy, path('dsj/a.mp4')), 'capitals and small letters are alike')
  t.ok(isUntouched(zfy, partsOf(path('System Volume Information'))))
  t.notOk(isFootage(profiles.get('generic')!, path('$RECYCLE.BIN/S-1-5/A.MP4')))
  t.equal(partsOf(path('a/b//c')).length, 4)
})
