import { type Static, Type } from 'typebox'
import type { Clock } from '../../foundation/clock.ts'
import { configFault } from '../../foundation/config.ts'
import type { Logger } from '../../foundation/log.ts'
import type { Profile } from '../profiles/profile.ts'
import { askDevice, clockOf } from '../vendor/ask-device.ts'
import { unlockDevice } from '../vendor/unlock.ts'
import { type CardDesk, cardDesk } from './card-desk.ts'
import type { Unlock } from './locked-devices.ts'
import { massStorage } from './mass-storage.ts'
import { mtpSource } from './mtp.ts'
import { CardDeskSettings, MassStorageSettings, MtpSettings, StationFolderSettings } from './settings.ts'
import type { Source } from './source.ts'
import { stationFolder } from './station-folder.ts'

const closed = { additionalProperties: false }

/**
 * One source as a configuration names it: `devices` for what is plugged in, `station` for a vendor's store, `mtp` for devices
 * on a cable that are no mass storage, `desk` for cards and exports whose device somebody says.
 */
export const SourceSettings = Type.Union([
  Type.Object({ source: Type.Literal('devices'), ...MassStorageSettings.properties }, closed),
  Type.Object({ source: Type.Literal('station'), ...StationFolderSettings.properties }, closed),
  Type.Object({ source: Type.Literal('mtp'), ...MtpSettings.properties }, closed),
  Type.Object({ source: Type.Literal('desk'), ...CardDeskSettings.properties }, closed),
])
export type SourceSettings = Static<typeof SourceSettings>

export interface OpenSources {
  readonly sources: readonly Source[]
  /** The one of them that is a desk, or null. */
  readonly desk: CardDesk | null
}

interface SourceDeps {
  readonly profiles: readonly Profile[]
  readonly clock: Clock
  readonly log: Logger
  /** What vendors' programs ask for, by name, from the station's own file. */
  readonly secrets: ReadonlyMap<string, string>
}

/** Opens the sources of a configuration. @throws bad_config for a profile that nobody has, and for a second desk */
export function openSources(settings: readonly SourceSettings[], deps: SourceDeps): OpenSources {
  const opened = settings.map((one) => openSource(one, deps))
  const desks = opened.flatMap((one) => (one.desk ? [one.desk] : []))
  if (desks.length > 1) throw configFault(['sources: a station has one desk'])
  return { sources: opened.map(({ source }) => source), desk: desks[0] ?? null }
}

function openSource(one: SourceSettings, deps: SourceDeps): { source: Source; desk?: CardDesk } {
  const { profiles, clock, log } = deps
  switch (one.source) {
    case 'devices':
      return { source: devices(one, deps) }
    case 'station':
      return { source: stationFolder({ settings: one, profile: profileOf(profiles, one.profile), clock, log }) }
    case 'mtp':
      return { source: mtpSource({ settings: one, profiles, log }) }
    case 'desk': {
      const desk = openDesk(one, deps)
      return { source: desk, desk }
    }
  }
}

function devices(settings: MassStorageSettings, deps: SourceDeps): Source {
  const { profiles, clock, log } = deps
  const ask = (profile: Profile, device: string) => askDevice(profile, device, clock)
  for (const { profile } of Object.values(settings.locked ?? {})) {
    if (!profileOf(profiles, profile).unlock) throw configFault([`sources: the profile ${profile} opens no device`])
  }
  const clockOfDevice = (profile: Profile, device: string) => clockOf(profile, device, deps)
  return massStorage({
    ...{ settings, profiles, log, askDevice: ask },
    ...{ clockOf: clockOfDevice, unlock: unlockBy(deps) },
  })
}

function openDesk(settings: CardDeskSettings, deps: SourceDeps): CardDesk {
  const { cards, cables, folders } = settings
  const { profiles, log } = deps
  for (const { profile } of folders) profileOf(profiles, profile)
  const readers = cards === null ? [] : [{ kind: 'card' as const, source: devices(cards, deps) }]
  const cameras = cables === null ? [] : [{ kind: 'cable' as const, source: mtpSource({ ...deps, settings: cables }) }]
  return cardDesk({ settings, profiles, log, sources: [...readers, ...cameras] })
}

/** @throws bad_config */
function profileOf(profiles: readonly Profile[], name: string): Profile {
  const profile = profiles.find((one) => one.name === name)
  if (!profile) throw configFault([`sources: there is no profile ${name}`])
  return profile
}

/** Asks a locked device who it is, and opens it by its vendor's command. */
export function unlockBy({ profiles, clock, log, secrets }: SourceDeps): Unlock {
  return {
    async ask(name, device) {
      const { serial = null } = await askDevice(profileOf(profiles, name), device, clock).catch((error: unknown) => {
        log.warn({ error, device }, 'a locked device says nothing of itself')
        return { serial: null }
      })
      return serial
    },
    open: (name, device) =>
      unlockDevice(profileOf(profiles, name), device, secrets).then(
        () => null,
        (error: Error) => error.message,
      ),
  }
}
