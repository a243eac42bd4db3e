import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import {
  makeVolume,
  makeWall,
  type SimulatedVolume,
  type VolumeOptions,
  type Wall,
} from '../../../deploy/local/devices/make-volume.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { massStorage } from '../../../services/dock/sources/mass-storage.ts'
import type { MountedVolumeDeps } from '../../../services/dock/sources/mounted-volume.ts'
import type { MassStorageSettings } from '../../../services/dock/sources/settings.ts'
import type { Volume } from '../../../services/dock/sources/source.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { until, type WatchedSource, wallSettings, watchSource } from './watch-source.ts'

export interface WatchedWall {
  readonly wall: Wall
  readonly seen: WatchedSource
  make(options: VolumeOptions): Promise<SimulatedVolume>
}

/** A wall with a source of mass storage that watches it; both end with the test, after every device was pulled. */
export async function watchedWall(
  t: Test,
  mounts: 'system' | 'agent',
  { settings, askDevice }: { settings?: Partial<MassStorageSettings>; askDevice?: MountedVolumeDeps['askDevice'] } = {},
): Promise<WatchedWall> {
  // Not a directory of the test's own: that is emptied before anything is unmounted.
  const wall = await makeWall(await mkdtemp(join(tmpdir(), 'wall-')))
  const devices: SimulatedVolume[] = []
  const source = massStorage({
    settings: { ...wallSettings(wall, mounts), ...settings },
    profiles: await readProfiles([ownProfiles]),
    log: openLog({ service: 'dock', level: 'silent' }),
    askDevice,
  })
  const seen = await watchSource(source)
  t.teardown(async () => {
    for (const device of devices) await device.discard()
    await until(
      async () => (await Promise.all(seen.volumes.map(isLetGo))).every((yes) => yes),
      'the end of the volumes',
    )
    await source.stop()
    await rm(wall.folder, { recursive: true })
  })
  return {
    wall,
    seen,
    async make(options) {
      const device = await makeVolume(wall, options)
      devices.push(device)
      return device
    },
  }
}

/** Whether the source has closed what it held of a volume that went or was released. */
async function isLetGo(volume: Volume): Promise<boolean> {
  const why = await volume.list().then(
    () => '',
    (error: Error) => error.message,
  )
  return /not attached any more|cannot be mounted/.test(why)
}

/** Checks that something fails with this class of error; tap compares the members of errors only. */
export async function rejectsAs(
  t: Test,
  kind: new (message: string) => Error,
  act: Promise<unknown> | (() => Promise<unknown>),
  why: string,
): Promise<void> {
  const error = await (typeof act === 'function' ? act() : act).then(
    () => null,
    (reason: unknown) => reason,
  )
  t.type(error, kind, why)
}
