import { enterInventory } from '../../services/custody/copies/inventory.ts'
import { firstLockEnd } from '../../services/custody/copies/object-lock.ts'
import { sha256 } from '../../services/foundation/hash.ts'
import { inventoryKey } from '../../services/foundation/store/keys.ts'
import type { Inventory, InventoryTrack } from '../../workers/transcode/inventory/inventory.ts'
import { inventoryBytes } from '../../workers/transcode/inventory/inventory-bytes.ts'
import { summaryOf } from '../../workers/transcode/inventory/summary.ts'
import type { World } from './world.ts'

/** A track of sound that is whole, changed by `with`. */
export function madeTrack(replaced: Partial<InventoryTrack> = {}): InventoryTrack {
  return {
    ...{ stream: 0, kind: 'sound', codec: 'aac', profile: 'LC', tag: 'mp4a', name: null, isEncrypted: false },
    ...{
      firstMs: 0,
      endMs: 10_000,
      packets: 469,
      discardedPackets: 1,
      bytes: 120_000,
      corruptPackets: 0,
      gaps: [],
      stands: [],
      standMsMin: 500,
      usualStepMs: null,
    },
    ...{ driftMs: 0, jumpsBack: 0, keyFrames: 469, firstKeyMs: 0, keyFrameDistanceMsMax: 21, keyFrameSamplesMs: [] },
    ...{ trimmedMs: 0, language: null, tags: {}, picture: null },
    sound: { channels: 1, layout: 'mono', sampleRate: 48_000 },
    ...replaced,
  }
}

export function madeInventory(replaced: Partial<Inventory> = {}): Inventory {
  return {
    ...{ version: 1, format: 'mov', skipBytes: 0, tracks: [madeTrack()], startSeconds: 0, statedMs: 10_000 },
    ...{
      foundMs: 10_000,
      clocks: { creation_time: '2026-11-23T00:00:00.000000Z' },
      tags: {},
      chapters: 0,
      leftOut: [],
    },
    ...replaced,
  }
}

/** Stores and records an inventory as the job does, of a recording whose bytes are no film. Returns its bytes. */
export async function addInventory(
  world: World,
  recording: { id: string; deviceSerial: string },
  inventory: Inventory = madeInventory(),
): Promise<Buffer> {
  const bytes = Buffer.from(inventoryBytes(inventory))
  const digest = sha256(bytes)
  const store = world.stores.primary
  const object = await store.put('originals', inventoryKey(recording.id, digest.toString('hex')), bytes)
  const retainUntil = firstLockEnd(world.clock.now(), 1)
  await store.lock(object, retainUntil)
  const stored = { hostName: store.hostName, object, bytes: bytes.length, sha256: digest, retainUntil }
  await world.db.transaction().execute((trx) =>
    enterInventory(trx, world.clock, recording, {
      ...stored,
      tool: 'ffmpeg of the test',
      summary: summaryOf(inventory),
      flags: [],
    }),
  )
  return bytes
}
