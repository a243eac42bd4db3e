import type { Clock } from '../../foundation/clock.ts'
import type { Logger, LogLevel } from '../../foundation/log.ts'
import { startAgent } from '../agent.ts'
import { loadConfig } from '../config.ts'
import { ownProfiles, readProfiles } from '../profiles/read-profiles.ts'
import { buildScreen } from '../screen/app.ts'
import { readBuiltPage } from '../screen/built-page.ts'
import { openSources } from '../sources/open-sources.ts'
import { printPage } from './printer.ts'

/** Version of the agent, which the bureau is told. */
export const stationVersion = '1'

export interface StationSurroundings {
  readonly clock: Clock
  /** Where systemd hands the unit's credentials out; null without a unit. */
  readonly credentialsDirectory: string | null
  /** Folder of the built page of the screen. */
  readonly page: string
  readonly openLog: (level: LogLevel) => Logger
}

export interface RunningStation {
  /** `http://127.0.0.1:PORT`. */
  readonly screen: string
  readonly log: Logger
  stop(): Promise<void>
}

/** Starts a docking station by its configuration file: sources, agent and screen. @throws bad_config naming all problems */
export async function startStation(path: string, surroundings: StationSurroundings): Promise<RunningStation> {
  const { config, signingKey, token, trust, ageIdentity, secrets } = loadConfig(path, surroundings.credentialsDirectory)
  const { station, screen, server, spool, uploads, slip } = config
  const log = surroundings.openLog(config.log)
  const { clock } = surroundings
  const page = readBuiltPage(surroundings.page)
  const profiles = await readProfiles([ownProfiles, ...config.profileFolders])
  const { sources, desk } = openSources(config.sources, { profiles, clock, log, secrets })
  const agent = await startAgent({
    station: {
      ...station,
      version: stationVersion,
      sounds: screen.sounds,
      quietFrom: screen.quietFrom,
      quietTo: screen.quietTo,
      hasPrinter: screen.printer !== null,
    },
    server,
    token,
    signingKey,
    trust,
    spool: { ...spool, identity: ageIdentity },
    uploads,
    sources,
    desk,
    slips: { ...slip, print: (text) => printPage(screen.printer, text) },
    log,
  })
  const pages = await buildScreen({ model: agent.model, log, page })
  const address = await pages.listen({ host: '127.0.0.1', port: screen.port })
  log.info({ station: station.name, slots: station.slots, screen: address }, 'the docking station runs')
  return {
    screen: address,
    log,
    async stop() {
      await pages.close()
      await agent.stop()
    },
  }
}
