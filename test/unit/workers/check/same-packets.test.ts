import t from 'tap'
import { haveSamePackets } from '../../../../workers/transcode/check/same-packets.ts'
import { packetList } from '../../../../workers/transcode/check/source-packets.ts'

const packetMs = 1024 / 48
const packets = (crcs: readonly number[], firstMs = 0) => ({
  crcs,
  timesMs: crcs.map((_, place) => firstMs + place * packetMs),
})
const source = packets([9, 1, 2, 3, 4], -packetMs)

t.test('the same packets in their places, with or without those before the start', async (t) => {
  t.ok(haveSamePackets(source, packets([1, 2, 3, 4])))
  t.ok(haveSamePackets(source, source))
  t.ok(haveSamePackets(source, packets([1, 2, 3, 4], 40)))
})

t.test('another packet, a missing or additional one, an order or a time that differs', async (t) => {
  for (const crcs of [[1, 2, 3, 5], [2, 3, 4], [1, 2, 4], [1, 3, 2, 4], [8, 9, 1, 2, 3, 4], []]) {
    t.notOk(haveSamePackets(source, packets(crcs)), `${crcs}`)
  }
  t.notOk(haveSamePackets(source, packets([1, 2, 3, 4], 41)))
  t.notOk(haveSamePackets(packets([]), packets([])))
})

t.test('packets as framehash lists them', async (t) => {
  const list = packetList(2)
  for (const line of [
    '#tb 0: 1/44100',
    '#stream#, dts,        pts, duration,     size, hash',
    '0,      87176,      87176,     1024,      216, afbee00c, S=1,       10, be66397a',
    '0,      88200,      88200,     1024,      282, 07206b26',
  ]) {
    list.add(line)
  }
  t.same(list.packets.crcs, [0xafbee00c, 0x07206b26])
  t.same(list.packets.timesMs.map(Math.round), [-23, 0])
})
