import { randomUUID } from 'node:crypto'
import {
  type Condition,
  type DeviceFacts,
  ReadFailed,
  type SeenFile,
  type Source,
  type SourceListener,
  type Volume,
  VolumeGone,
} from '../../../services/dock/sources/source.ts'

export interface TestFile {
  readonly name: string | Buffer
  bytes: Buffer
  readonly modifiedMs?: number | null
  readonly deviceTime?: string
  readonly runningNumber?: number
  readonly mark?: boolean
}

/** A device in memory whose reads fail where a test says so. */
export interface TestDevice {
  readonly files: TestFile[]
  readonly uuid: string | null
  readonly damage?: string
  readonly facts: DeviceFacts
  /** What the computer holds of files that were read, by name: as long as it does, a reading gives this. */
  readonly held: Map<string, Buffer>
  /** Readings of each file by name, from which offset. */
  readonly reads: { name: string; from: number }[]
  /** Called before it is listed. */
  beforeList: () => void
  /** Called before each piece that is read; throws, waits, or pulls the device out. */
  beforePiece: (name: string, at: number) => void | Promise<void>
  /** Called before a file is removed. */
  beforeRemove: (name: string) => void | Promise<void>
  canRemove: boolean
  /** What it says when it is asked again. */
  readonly condition?: () => Promise<Condition>
  sizeBytes: number
  freeBytes: number
}

const pieceBytes = 64 * 1024

export function makeDevice(serial: string | null, files: TestFile[], options: Partial<TestDevice> = {}): TestDevice {
  return {
    files,
    uuid: null,
    facts: { serial, officerNumber: null, officerName: null, batteryPercent: 80, clockOffsetMs: 1500 },
    held: new Map(),
    reads: [],
    beforeList: () => undefined,
    beforePiece: () => undefined,
    beforeRemove: () => undefined,
    canRemove: true,
    sizeBytes: 1024 * 1024 * 1024,
    freeBytes: 900 * 1024 * 1024,
    ...options,
  }
}

export interface TestSource extends Source {
  /** Plugs a device in; returns the volume that the agent sees. */
  plugIn(device: TestDevice, slot?: number | null): Volume & { readonly released: boolean }
  /** Reads fail from now on, then the source says so. */
  pull(volumeId: string): void
}

export function makeSource(): TestSource {
  let listener: SourceListener | null = null
  const gone = new Set<string>()
  const plugged: Volume[] = []
  return {
    async start(given) {
      listener = given
      for (const volume of plugged) if (!gone.has(volume.id)) listener.appeared(volume)
    },
    async stop() {
      listener = null
    },
    plugIn(device, slot = 1) {
      const id = randomUUID()
      const volume = volumeOf(id, device, slot, () => gone.has(id))
      plugged.push(volume)
      listener?.appeared(volume)
      return volume
    },
    pull(volumeId) {
      gone.add(volumeId)
      listener?.vanished(volumeId)
    },
  }
}

function volumeOf(id: string, device: TestDevice, slot: number | null, isGone: () => boolean) {
  const find = ({ name }: SeenFile) => {
    const file = device.files.find((one) => Buffer.from(one.name as string).equals(name))
    if (!file) throw new ReadFailed('there is no such file')
    return file
  }
  const requireThere = () => {
    if (isGone()) throw new VolumeGone('pulled out')
  }
  return {
    id,
    slot,
    released: false,
    uuid: device.uuid,
    origin: { kind: 'mass_storage' as const, from: null },
    facts: device.facts,
    profile: null,
    sizeBytes: device.sizeBytes,
    freeBytes: device.freeBytes,
    ...(device.damage === undefined ? {} : { damage: device.damage }),
    async list() {
      requireThere()
      device.beforeList()
      return device.files.map((file) => {
        const name = Buffer.from(file.name as string)
        return {
          path: Buffer.concat([Buffer.from('DCIM/'), name]),
          name,
          bytes: file.bytes.length,
          modifiedMs: file.modifiedMs === undefined ? 1_780_000_000_000 : file.modifiedMs,
          deviceTime: file.deviceTime ?? null,
          runningNumber: file.runningNumber ?? null,
          mark: file.mark ?? false,
        }
      })
    },
    async *read(seen: SeenFile, from: number, signal: AbortSignal) {
      const file = find(seen)
      device.reads.push({ name: String(file.name), from })
      const bytes = device.held.get(String(file.name)) ?? file.bytes
      device.held.set(String(file.name), bytes)
      for (let at = from; at < bytes.length; at += pieceBytes) {
        await device.beforePiece(String(file.name), at)
        signal.throwIfAborted()
        requireThere()
        yield bytes.subarray(at, at + pieceBytes)
      }
    },
    renew: async () => device.held.clear(),
    ...(device.condition ? { condition: device.condition } : {}),
    remove: device.canRemove
      ? async (seen: SeenFile) => {
          requireThere()
          await device.beforeRemove(String(find(seen).name))
          requireThere()
          device.files.splice(device.files.indexOf(find(seen)), 1)
        }
      : null,
    async release() {
      requireThere()
      this.released = true
    },
  }
}
