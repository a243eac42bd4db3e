import t from 'tap'
import { parseName } from '../../../services/custody/devices/name-profile.ts'
import { nameContradicts } from '../../../services/custody/intake/name-flags.ts'
import { type KnownTimes, timeFlags } from '../../../services/custody/intake/time-flags.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const recorded = new Date('2026-11-20T00:30:00Z')
const after = (ms: number) => new Date(recorded.getTime() + ms)
const nothing: KnownTimes = {
  nameTime: null,
  fileClock: null,
  lengthMs: 0,
  deviceTime: null,
  correctedTime: null,
  registeredAt: new Date('2026-01-01T00:00:00Z'),
  dockedAt: new Date('2026-11-20T09:00:00Z'),
}
const flagsOf = (times: Partial<KnownTimes>) => timeFlags({ ...nothing, ...times })

t.test('times that agree, and times that nobody knows, are not flagged', async (t) => {
  t.same(flagsOf({}), [])
  t.same(flagsOf({ deviceTime: recorded, nameTime: recorded, fileClock: recorded, correctedTime: after(-5000) }), [])
  t.same(flagsOf({ deviceTime: recorded, registeredAt: null }), [])
  t.same(flagsOf({ fileClock: recorded }), [])
})

t.test('a clock is implausible on a day on which clocks begin again', async (t) => {
  const texts = [
    '1970-01-01T00:00:05Z',
    '1980-01-01T00:00:00+08:00',
    '1980-01-01T20:00:00+08:00',
    '2000-01-01T12:00:00Z',
  ]
  for (const text of [...texts, '2036-02-07T06:28:16Z', '1904-01-01T00:00:00Z']) {
    const deviceTime = new Date(text)
    const dockedAt = new Date('2040-01-01T00:00:00Z')
    t.same(flagsOf({ deviceTime, dockedAt, registeredAt: null }), ['clock_implausible'], text)
    t.same(flagsOf({ deviceTime, correctedTime: recorded }), ['clock_implausible'], `${text}, although it was measured`)
  }
  t.same(flagsOf({ deviceTime: new Date('1980-01-02T20:00:00Z'), registeredAt: null }), [])
})

t.test('a clock is implausible after the docking, by more than two minutes', async (t) => {
  t.same(flagsOf({ deviceTime: new Date('2036-05-01T00:00:00Z') }), ['clock_implausible'])
  t.same(flagsOf({ deviceTime: after(3 * minuteMs), dockedAt: recorded }), ['clock_implausible'])
  t.same(flagsOf({ deviceTime: after(2 * minuteMs), dockedAt: recorded }), [])
  t.same(
    flagsOf({ deviceTime: after(60 * minuteMs), correctedTime: recorded, dockedAt: recorded }),
    [],
    'a measured error',
  )
  t.same(flagsOf({ deviceTime: recorded, correctedTime: after(dayMs) }), ['clock_implausible'])
})

t.test('a clock is implausible more than a year before the device was registered', async (t) => {
  t.same(flagsOf({ deviceTime: recorded, registeredAt: after(366 * dayMs) }), [])
  t.same(flagsOf({ deviceTime: recorded, registeredAt: after(366 * dayMs + 1) }), ['clock_implausible'])
  t.same(
    flagsOf({ nameTime: new Date('2010-06-01T00:00:00Z') }),
    ['clock_implausible'],
    "the name's, when there is no other",
  )
})

t.test('times of a recording differ when two of them are more than two minutes apart', async (t) => {
  t.same(flagsOf({ deviceTime: recorded, nameTime: after(2 * minuteMs) }), [])
  t.same(flagsOf({ deviceTime: recorded, nameTime: after(-2 * minuteMs - 1) }), ['times_differ'])
  t.same(flagsOf({ deviceTime: recorded, fileClock: after(3 * minuteMs) }), ['times_differ'])
  t.same(flagsOf({ nameTime: recorded, fileClock: after(3 * minuteMs) }), ['times_differ'])
  t.same(flagsOf({ nameTime: recorded, fileClock: after(30 * minuteMs), lengthMs: 30 * minuteMs }), [], 'its end')
  t.same(flagsOf({ nameTime: recorded, fileClock: after(-3 * minuteMs), lengthMs: 30 * minuteMs }), ['times_differ'])
  t.same(
    flagsOf({ nameTime: recorded, deviceTime: recorded, fileClock: after(8 * 60 * minuteMs) }),
    [],
    'bureau time as UTC',
  )
  t.same(flagsOf({ deviceTime: recorded, fileClock: after(9 * 60 * minuteMs) }), ['times_differ'])
})

t.test('a name contradicts the device that handed it in, or its holder', async (t) => {
  const name = parseName('DSJ0001_012345_20261120083000_0001.MP4')!
  const holder = { officerNumber: '012345', certificateNumber: null }
  t.notOk(nameContradicts(name, { deviceSerial: 'DSJ0001', holder }))
  t.notOk(nameContradicts(name, { deviceSerial: 'dsj0001', holder: null }))
  t.notOk(nameContradicts(name, { deviceSerial: 'DSJ0001', holder: { officerNumber: null, certificateNumber: null } }))
  t.notOk(
    nameContradicts(name, { deviceSerial: 'DSJ0001', holder: { officerNumber: '9', certificateNumber: '012345' } }),
  )
  t.ok(nameContradicts(name, { deviceSerial: 'DSJ0002', holder }))
  t.ok(nameContradicts(name, { deviceSerial: 'DSJ0001', holder: { officerNumber: '054321', certificateNumber: null } }))
})
