// The list of items in a HEIF file is read in Node itself: four hostile megabytes must not keep the process busy.

import t, { type Test } from 'tap'
import { box } from '../../../../workers/transcode/fragments/boxes.ts'
import { type HeifItem, heifItems } from '../../../../workers/transcode/inventory/heif-items.ts'

t.setTimeout(60_000)
const metaBytes = 4 * 1024 * 1024
/** Quadratic work on such a list takes minutes; reading it takes milliseconds. */
const patienceMs = 5000

const u8 = (...values: number[]) => Buffer.from(values)
const u16 = (...values: number[]) => Buffer.concat(values.map((value) => u8(value >> 8, value & 255)))
const u32 = (value: number) => u16(value >>> 16, value & 0xffff)
const full = (type: string, version: number, ...parts: Buffer[]) => box(type, u8(version, 0, 0, 0), ...parts)
/** `piece` over and over, up to the size of the largest list that is read. */
const filled = (piece: Buffer) => Buffer.alloc(Math.floor((metaBytes - 4096) / piece.length) * piece.length, piece)

const info = (id: number, type = 'hvc1', rest = '') => full('infe', 2, u16(id, 0), Buffer.from(`${type}\0${rest}`))
const ispe = full('ispe', 0, u32(64), u32(48))

interface Lists {
  readonly infos?: readonly Buffer[]
  readonly properties?: readonly Buffer[]
  readonly ipma?: readonly Buffer[]
  readonly iloc?: Buffer
  readonly iref?: readonly Buffer[]
}

function itemsOf({ infos = [info(1)], properties = [ispe], ipma = [], iloc, iref }: Lists) {
  const meta = Buffer.concat([
    ...[u32(0), full('pitm', 0, u16(1)), full('iinf', 0, u16(infos.length), ...infos)],
    box('iprp', box('ipco', ...properties), ...ipma),
    iloc ?? full('iloc', 0, u16(0, 0)),
    ...(iref ? [full('iref', 0, ...iref)] : []),
  ])
  const from = performance.now()
  try {
    return heifItems(meta).items
  } finally {
    t.ok(performance.now() - from < patienceMs, 'read at once')
  }
}

const associations = (count: number, entries: Buffer) => full('ipma', 0, u32(count), entries)
const refused = (t: Test, lists: Lists, message: RegExp) =>
  t.throws(() => itemsOf(lists), { code: 'bad_request', message })

t.test('an ordinary list is read as before', async (t) => {
  const items = itemsOf({
    infos: [info(1, 'grid'), info(2), info(3, 'mime', 'application/rdf+xml\0')],
    properties: [ispe, box('irot', u8(1))],
    ipma: [associations(1, u8(0, 1, 2, 0x81, 2))],
    // Version 0; offsets and lengths of four bytes: one part of seven bytes and one of five.
    iloc: full('iloc', 0, u16(0x4400, 1, 2, 0, 2), u32(0), u32(7), u32(0), u32(5)),
    iref: [box('dimg', u16(1, 1, 2))],
  })
  t.match(items[0], { id: 1, type: 'grid', size: { width: 64, height: 48 }, rotation: 270, bytes: 0 })
  t.same(items[0]!.refersTo, new Map([['dimg', [2]]]))
  t.match(items.slice(1), [{ type: 'hvc1', bytes: 12 }, { contentType: 'application/rdf+xml' }] as Partial<HeifItem>[])
})

t.test('a million entries for one item', async (t) => {
  const entry = u8(0, 1, 1, 1)
  const entries = filled(entry)
  refused(t, { ipma: [associations(entries.length / entry.length, entries)] }, /more than 16384 items with properties/)
  const wide = filled(Buffer.concat([u8(0, 1, 255), Buffer.alloc(255, 1)]))
  refused(t, { ipma: [associations(wide.length / 258, wide)] }, /more than 16384 properties of items/)
})

t.test('parts of items that take no bytes in the list', async (t) => {
  const places = Buffer.concat(Array.from({ length: 65_535 }, (_, at) => u16(at, 0, 65_535)))
  refused(t, { iloc: full('iloc', 0, u16(0, 16_000), places) }, /more than 16384 parts of items/)
  refused(t, { iloc: full('iloc', 0, u16(0, 65_535), places) }, /more than 16384 places of items/)
  const endless = full('iloc', 0, u16(0x8800, 1, 1, 0, 3), Buffer.alloc(48, 0x0f))
  refused(t, { iloc: endless }, /too large|an item of the still has/)
})

t.test('references from one item over and over', async (t) => {
  const many = box('dimg', u16(1, 2000), Buffer.alloc(4000, 2))
  refused(t, { iref: Array.from({ length: 999 }, () => many) }, /more than 16384 references/)
})

t.test('two items of one number', async (t) => {
  refused(t, { infos: [info(1), info(1)] }, /two items of the still have one number/)
})

t.test('a long text that a thousand items share is read once, and cut', async (t) => {
  const ids = Array.from({ length: 1000 }, (_, at) => at + 1)
  const shared = Buffer.concat(ids.map((id) => Buffer.concat([u16(id), u8(16), Buffer.alloc(16, 2)])))
  const items = itemsOf({
    infos: ids.map((id) => info(id)),
    properties: [ispe, full('auxC', 0, filled(Buffer.from('a')).subarray(0, 3 * 1024 * 1024))],
    ipma: [associations(1000, shared)],
  })
  t.equal(items.length, 1000)
  t.ok(items.every(({ auxiliaryType }) => auxiliaryType?.length === 1024))
})
