import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import type { Finding, Surroundings } from '../../../services/dock/doctor/finding.ts'
import { examineNetwork } from '../../../services/dock/doctor/network.ts'
import { examinePrograms } from '../../../services/dock/doctor/programs.ts'
import { examineStation } from '../../../services/dock/doctor/station.ts'
import { examineUsb } from '../../../services/dock/doctor/usb.ts'
import { type DoctorCode, findingLines } from '../../../services/dock/doctor/words.ts'

/** A computer of files: `/sys`, `/proc` and `/etc` as Linux shows them, and programs that answer what they are told to. */
function computer(files: Readonly<Record<string, string>>, programs: Readonly<Record<string, string | null>> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'dock-doctor-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), join(root, path))
    else writeFileSync(join(root, path), text)
  }
  const run: Surroundings['run'] = async ([program, ...args]) => {
    const answer = programs[[program, ...args].join(' ')] ?? programs[program!]
    if (answer === undefined) return null
    return answer === null ? { status: 1, out: '' } : { status: 0, out: answer }
  }
  return { root, run }
}

const usb = (name: string, facts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(facts).map(([fact, text]) => [`sys/bus/usb/devices/${name}/${fact}`, `${text}\n`]))
const hub = { bDeviceClass: '09', bMaxPower: '100mA', 'power/control': 'on', authorized: '1' }
const recorder = { bDeviceClass: '00', bMaxPower: '500mA', 'power/control': 'on', authorized: '1', bmAttributes: '80' }

function codes(findings: readonly Finding[]): string[] {
  return findings.map(({ code }) => code)
}

/** Every finding has something to read in both languages; what is no good says what to do. */
function readable(t: Test, findings: readonly Finding<DoctorCode>[]): void {
  for (const finding of findings) {
    for (const language of ['zh', 'en'] as const) {
      const lines = findingLines(finding, language)
      t.equal(lines.length, finding.grade === 'well' ? 1 : 2, `${finding.code} in ${language}`)
      t.notMatch(lines.join(' '), /undefined|NaN|\[object/, finding.code)
    }
  }
}

t.test('a plain computer has nothing to say about its ports', async (t) => {
  const found = await examineUsb(computer({ ...usb('usb1', hub), ...usb('1-1', recorder) }))
  t.same(codes(found), ['usb_well'])
  readable(t, found)
})

t.test('what device control does to recorders is named, with the place', async (t) => {
  const blacklist = computer({
    'etc/modprobe.d/office.conf': '# rules\nblacklist usb-storage\ninstall uas /bin/false\n',
  })
  const found = await examineUsb(blacklist)
  t.match(found, [{ code: 'usb_storage_blocked', grade: 'fault', values: { file: '/etc/modprobe.d/office.conf' } }])
  readable(t, found)
  const other = computer({ 'etc/modprobe.d/office.conf': 'blacklist nouveau\n# blacklist usb-storage\n' })
  t.same(codes(await examineUsb(other)), ['usb_well'], 'other drivers and comments are no concern')
  const locked = computer({
    ...usb('usb1', { ...hub, authorized_default: '0' }),
    ...usb('1-1', { ...recorder, authorized: '0' }),
  })
  t.same(codes(await examineUsb(locked)), ['usb_ports_locked', 'usb_device_refused'])
  const guarded = computer(
    { 'etc/usbguard/rules.conf': 'allow id 1d6b:*\n' },
    { usbguard: '15: block id 1234:5678 serial "Z" name "DSJ-5" hash "x"\n' },
  )
  t.match(await examineUsb(guarded), [{ code: 'usb_device_refused', values: { device: 'DSJ-5' } }])
  const silent = await examineUsb(computer({ 'etc/usbguard/rules.conf': '' }, { usbguard: null }))
  t.match(silent, [{ code: 'usb_guard_runs', grade: 'warning' }])
})

t.test('a hub that cannot feed its devices is named, one with a supply of its own is not', async (t) => {
  const behind = { ...usb('1-1.1', recorder), ...usb('1-1.2', recorder) }
  const weak = await examineUsb(
    computer({ ...usb('1-1', { ...hub, bmAttributes: '80', product: 'Hub 4' }), ...behind }),
  )
  t.match(weak, [{ code: 'usb_hub_weak', values: { hub: 'Hub 4', asked: 1100, given: 500, devices: 2 } }])
  readable(t, weak)
  const strong = await examineUsb(computer({ ...usb('1-1', { ...hub, bmAttributes: 'e0' }), ...behind }))
  t.same(codes(strong), ['usb_well'])
})

t.test('power saving of a port is a warning; that of root hubs is none', async (t) => {
  const saving = { ...recorder, 'power/control': 'auto', product: 'DSJ-5' }
  const found = await examineUsb(
    computer({ ...usb('usb1', { ...hub, 'power/control': 'auto' }), ...usb('1-2', saving) }),
  )
  t.match(found, [{ code: 'usb_power_saving', values: { devices: 1, first: 'DSJ-5' } }])
  readable(t, found)
})

t.test('programs that hold, mount or move what is on a device are named', async (t) => {
  const office = computer({
    'proc/101/comm': 'udisksd\n',
    'proc/101/cmdline': '/usr/libexec/udisks2/udisksd',
    'proc/101/fd/0': '-> /dev/null',
    'proc/102/comm': 'VendorCollect\n',
    'proc/102/cmdline': '/opt/vendor/collect',
    'proc/102/fd/7': '-> /media/slot1/DCIM/0001.MP4',
    'proc/103/comm': 'hipsdaemon\n',
    'proc/103/cmdline': 'hipsdaemon',
    'proc/103/fd/0': '-> /dev/null',
    'proc/2/comm': 'kthreadd\n',
    'proc/2/cmdline': '',
  })
  const found = await examinePrograms(office, ['/media/slot1'])
  t.match(found, [
    { code: 'automounter_runs', grade: 'warning' },
    {
      code: 'volume_held',
      grade: 'fault',
      values: { process: 'VendorCollect', pid: '102', file: '/media/slot1/DCIM/0001.MP4' },
    },
    { code: 'antivirus_runs', values: { program: '火绒' } },
  ])
  readable(t, found)
  const elsewhere = await examinePrograms(office, ['/media/slot'])
  t.notOk(codes(elsewhere).includes('volume_held'), 'another mount point that begins with the same letters')
  t.same(codes(await examinePrograms(computer({}), [])), ['programs_well'])
})

t.test('spool, key, clock, drivers and printer of the station', async (t) => {
  const folder = t.testdir({ spool: {}, 'signing.key': 'a key', full: {} })
  const signingKeyFile = join(folder, 'signing.key')
  chmodSync(signingKeyFile, 0o600)
  const drivers = { 'proc/filesystems': 'nodev\tsysfs\n\tvfat\n\texfat\n' }
  const programs = { timedatectl: 'yes\n', lpstat: 'printer slip is idle.  enabled since today\n' }
  const files = { spoolDirectory: join(folder, 'spool'), signingKeyFile, printer: 'default' }
  const well = await examineStation(computer(drivers, programs), files)
  t.same(
    codes(well).filter((code) => code !== 'spool_small'),
    codes(well).length === 1 ? ['station_well'] : [],
  )
  const sick = await examineStation(
    computer(
      { 'sys/class/tpm/tpm0/tpm_version_major': '2\n' },
      { timedatectl: 'no\n', lpstat: 'printer slip disabled\n' },
    ),
    { ...files, spoolDirectory: join(folder, 'nowhere') },
  )
  t.same(codes(sick), [
    'spool_missing',
    'key_not_sealed',
    'clock_not_synchronized',
    'file_system_missing',
    'file_system_missing',
    'printer_stopped',
  ])
  readable(t, sick)
  chmodSync(signingKeyFile, 0o640)
  const open = await examineStation(computer(drivers, programs), files)
  t.match(
    open.find(({ code }) => code === 'key_open_to_others'),
    { grade: 'fault', values: { mode: '640' } },
  )
})

t.test('the way to the server is gone step by step', async (t) => {
  const folder = t.testdir()
  const names = '-subj /CN=custody.bureau.example -addext subjectAltName=IP:127.0.0.1'.split(' ')
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9']
  execFileSync('openssl', [...made, ...names, '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')], {
    stdio: 'pipe',
  })
  const tls = { key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) }
  let registerStatus = 200
  const server = createTlsServer(tls, (request, response) => {
    response.statusCode = request.url === '/readyz' ? 200 : registerStatus
    response.end()
  })
  const listen = () =>
    new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    )
  const url = `https://127.0.0.1:${await listen()}`
  t.teardown(() => new Promise((resolve) => server.close(resolve)))
  const address = { url, authority: tls.cert, token: 'a-token' }

  const well = await examineNetwork(address)
  t.same(codes(well), ['certificate_ends_soon', 'network_well'])
  t.match(well, [{ values: { days: 8 } }])
  readable(t, well)
  registerStatus = 401
  t.same(codes(await examineNetwork(address)).at(-1), 'token_refused')
  registerStatus = 403
  t.same(codes(await examineNetwork(address)).at(-1), 'not_released')
  const stranger = await examineNetwork({ ...address, authority: null })
  t.same(codes(stranger), ['certificate_refused'])
  readable(t, stranger)
})

t.test('a closed port, an unknown name, and a server by whose clock it is another time', async (t) => {
  const closed = await examineNetwork({ url: 'http://127.0.0.1:1', authority: null, token: null })
  t.same(codes(closed), ['port_closed'])
  const unknown = await examineNetwork({ url: 'http://no-such-host.invalid', authority: null, token: null })
  t.same(codes(unknown), ['name_unknown'])
  readable(t, [...closed, ...unknown])
  const server = createPlainServer((_, response) => {
    response.sendDate = false
    response.setHeader('date', new Date(Date.now() - 90_000).toUTCString())
    response.end()
  })
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
  t.teardown(() => new Promise((resolve) => server.close(resolve)))
  const late = await examineNetwork({ url: `http://127.0.0.1:${port}`, authority: null, token: null })
  t.match(late, [{ code: 'server_time_differs', grade: 'fault' }])
  readable(t, late)
})
