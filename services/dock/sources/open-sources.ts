import { type Static, Type } from 'typebox'
import type { Clock } from '../../foundation/clock.ts'
import { configFault } from '../../foundation/config.ts'
import type { Logger } from '../../foundation/log.ts'
import type { Profile } from '../profiles/profile.ts'
import { askDevice } from '../vendor/ask-device.ts'
import { massStorage } from './mass-storage.ts'
import { MassStorageSettings, StationFolderSettings } from './settings.ts'
import type { Source } from './source.ts'
import { stationFolder } from './station-folder.ts'

/** One source as a configuration names it: `devices` for what is plugged in, `station` for a vendor's store. */
export const SourceSettings = Type.Union([
  Type.Object({ source: Type.Literal('devices'), ...MassStorageSettings.properties }, { additionalProperties: false }),
  Type.Object(
    { source: Type.Literal('station'), ...StationFolderSettings.properties },
    { additionalProperties: false },
  ),
])
export type SourceSettings = Static<typeof SourceSettings>

/** Opens the sources of a configuration. @throws bad_config for a profile that nobody has */
export function openSources(
  settings: readonly SourceSettings[],
  deps: { profiles: readonly Profile[]; clock: Clock; log: Logger },
): Source[] {
  const { profiles, clock, log } = deps
  return settings.map(({ source: _, ...one }) => {
    if (!('profile' in one)) {
      const ask = (profile: Profile, device: string) => askDevice(profile, device, clock)
      return massStorage({ settings: one, profiles, log, askDevice: ask })
    }
    const profile = profiles.find(({ name }) => name === one.profile)
    if (!profile) throw configFault([`sources: there is no profile ${one.profile}`])
    return stationFolder({ settings: one, profile, clock, log })
  })
}
