import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '../../foundation/id.ts'
import type { Logger } from '../../foundation/log.ts'
import type { Profile } from '../profiles/profile.ts'
import { type DeviceTalk, deviceTalk } from './device-talk.ts'
import { type MtpPort, readPorts } from './mtp-listing.ts'
import { runProgram } from './mtp-program.ts'
import { fetchedPrefix, mtpVolume } from './mtp-volume.ts'
import type { MtpSettings } from './settings.ts'
import { ReadFailed, type Source, type SourceListener } from './source.ts'

export interface MtpDeps {
  readonly settings: MtpSettings
  readonly profiles: readonly Profile[]
  readonly log: Logger
}

/** † The next reading of a file that was begun comes at once, unless the station is busy. */
const keptMs = 5 * 60_000

interface Found {
  readonly volumeId: string
  hasAppeared: boolean
  release: () => Promise<void>
  isOver: boolean
}

/**
 * Devices that speak PTP or MTP (Android recorders, cameras, telephones), by gphoto2 of the distribution: what it finds by
 * itself, and the ports of the settings. They are read only: nothing on them is ever changed or cleared.
 */
export function mtpSource({ settings, profiles, log }: MtpDeps): Source {
  const found = new Map<string, Found>()
  const stopping = new AbortController()
  const opening = new Set<Promise<void>>()
  const given = new Map<string, DeviceTalk>(settings.ports.map(({ port }) => [port, deviceTalk()]))
  let watching: Promise<void> | null = null

  const takeUp = async (port: MtpPort, one: Found, listener: SourceListener) => {
    try {
      const { talk } = given.get(port.port) ?? deviceTalk()
      const volume = await mtpVolume({ settings, profiles, log, talk, keptMs, isThere }, port, one.volumeId)
      // It may have gone while it was looked at: then nobody has heard of it.
      if (one.isOver) return
      one.hasAppeared = true
      one.release = volume.release
      listener.appeared(volume)
    } catch (error) {
      log.warn({ error, port }, 'a device on a cable cannot be looked at; tried again')
      if (!one.isOver) found.delete(keyOf(port))
    }
  }

  const look = async (listener: SourceListener) => {
    const ports = new Map((await attached()).map((port) => [keyOf(port), port]))
    for (const [key, one] of found) {
      if (ports.has(key)) continue
      found.delete(key)
      one.isOver = true
      if (one.hasAppeared) listener.vanished(one.volumeId)
      await one.release()
    }
    for (const [key, port] of ports) {
      if (found.has(key)) continue
      const one: Found = { volumeId: newId(), hasAppeared: false, release: async () => undefined, isOver: false }
      found.set(key, one)
      const work = takeUp(port, one, listener).finally(() => opening.delete(work))
      opening.add(work)
    }
  }

  /** A port of the settings counts when its device can be listed. While it is talked with it is there, and not disturbed. */
  const attached = async (): Promise<readonly MtpPort[]> => {
    const ports = [...(await portsFound(settings))]
    for (const one of settings.ports) {
      const { talk, isBusy } = given.get(one.port)!
      if (isBusy() || (await talk(() => isAnswering(settings, one)))) ports.push(one)
    }
    return ports
  }

  /** Asked within a talk with it. */
  const isThere = async (port: MtpPort) => {
    if (given.has(port.port)) return isAnswering(settings, port)
    try {
      return (await portsFound(settings)).some((one) => keyOf(one) === keyOf(port))
    } catch (error) {
      if (error instanceof ReadFailed) return false
      throw error
    }
  }

  const watch = async (listener: SourceListener) => {
    while (!stopping.signal.aborted) {
      await look(listener).catch((error) => log.warn({ error }, 'devices on a cable cannot be looked for; tried again'))
      await pause(settings.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  return {
    async start(listener) {
      await mkdir(settings.workFolder, { recursive: true, mode: 0o700 })
      await removeFetched(settings.workFolder)
      watching = watch(listener)
    },
    async stop() {
      stopping.abort()
      await watching
      await Promise.all(opening)
    },
  }
}

/** Removes what a run before this one fetched and did not come to remove, and nothing else: it is a folder that people name. */
async function removeFetched(workFolder: string): Promise<void> {
  for (const name of await readdir(workFolder)) {
    if (name.startsWith(fetchedPrefix)) await rm(join(workFolder, name), { recursive: true, force: true })
  }
}

const keyOf = ({ model, port }: MtpPort) => `${port} ${model}`

/** What gphoto2 finds by itself. @throws ReadFailed without gphoto2 */
async function portsFound({ program, workFolder, timeLimitMs }: MtpSettings): Promise<readonly MtpPort[]> {
  const printed = await runProgram({ argv: [...program, '--auto-detect'], folder: workFolder, timeLimitMs })
  return readPorts(printed.toString('utf8'))
}

async function isAnswering(
  { program, workFolder, timeLimitMs }: MtpSettings,
  { port, model }: MtpPort,
): Promise<boolean> {
  const argv = [...program, '--quiet', '--port', port, '--camera', model, '--list-folders', '--no-recurse']
  try {
    await runProgram({ argv, folder: workFolder, timeLimitMs })
    return true
  } catch (error) {
    if (error instanceof ReadFailed) return false
    throw error
  }
}
