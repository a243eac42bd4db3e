// How the demo's footage goes in: at a docking station with all devices of the bureau, or, of files of one's own, by a client.

import { createPrivateKey } from 'node:crypto'
import type { RunningProcess } from '../system/process.ts'
import type { System } from '../system.ts'
import { lookAfterwards } from './afterwards.ts'
import type { ApiSession } from './api.ts'
import type { DockedFile } from './dock-client.ts'
import { compareHoldings } from './holdings.ts'
import { type Incident, type Moment, playIncidents } from './incidents.ts'
import { type Advance, step } from './progress.ts'
import { type DockReceipts, waitForReceipts } from './receipts.ts'
import { screenAt } from './screen.ts'
import type { ShiftDevice } from './shift.ts'
import { untilCleared, untilHandedIn } from './shift-end.ts'
import { type EnrolledStation, startDemoStation } from './station.ts'
import { dockEverything, type HandedIn } from './story.ts'
import { type Docked, makeDemoWall, mayMount } from './wall.ts'

export interface Docking {
  /** Address of the station's screen. */
  readonly screen: string | null
  readonly process: RunningProcess | null
  /** Resolves to the footage that the rest of the demo is about. */
  readonly handIn: (advance: Advance) => Promise<HandedIn[]>
  readonly receipts: (handed: readonly HandedIn[]) => Promise<DockReceipts>
  /** In lines to print: what went wrong on purpose, and what is left on the devices. */
  readonly afterwards: (custodian: ApiSession) => Promise<string[]>
}

/** Files of any name from anywhere: no device would hold them so. */
export function dockOwnFiles(system: System, station: EnrolledStation, files: readonly DockedFile[]): Docking {
  const dock = { id: station.id, token: station.token, signingKey: createPrivateKey(station.privateKeyPem) }
  return {
    screen: null,
    process: null,
    handIn: (advance) => dockEverything(system, dock, files, advance),
    receipts: (handed) => waitForReceipts(system, { handed, dock }),
    afterwards: async () => [],
  }
}

/**
 * A shift end: the devices are put into the slots of a station, whose agent does the rest.
 *
 * @param files of these devices, those that the rest of the demo is about
 */
export async function dockAtStation(
  { system, station }: { system: System; station: EnrolledStation },
  { devices, files }: { devices: readonly ShiftDevice[]; files: readonly DockedFile[] },
  options: { wallFolder: string; keep: boolean; atMoment?: Moment },
): Promise<Docking> {
  const wall = await makeDemoWall(options.wallFolder)
  const { screen: address, process } = await startDemoStation(system, station, wall, { detached: options.keep })
  const screen = screenAt(address)
  const filesMax = devices.reduce((sum, device) => sum + device.files.length, 0)
  const rostered = devices.map(({ serial, holder }) => ({ serial, holder: holder.name }))
  let docked: Docked[] = []
  let incidents: Incident[] = []
  return {
    screen: address,
    process,
    async handIn(advance) {
      docked = await wall.plugIn(handsLast(devices))
      incidents = await playIncidents(screen, docked, options.atMoment)
      return untilHandedIn({ system, station, screen }, files, advance)
    },
    receipts: () =>
      step('receipts: witnessed; the station checks each, and clears what it may', filesMax, (advance) =>
        untilCleared(screen, docked, advance),
      ),
    async afterwards(custodian) {
      incidents.push(...(await lookAfterwards(custodian, docked, rostered)))
      return [...linesOf(incidents), '', ...(await compareHoldings(docked))]
    },
  }
}

/** Those that are docked; last of all those that a hand must be quick with. */
function handsLast(devices: readonly ShiftDevice[]): ShiftDevice[] {
  const isQuick = ({ plays }: ShiftDevice) => plays === 'cut_cable' || plays === 'emergency'
  const docked = devices.filter(({ plays }) => plays !== 'never_handed_in')
  return [...docked.filter((device) => !isQuick(device)), ...docked.filter(isQuick)]
}

function linesOf(incidents: readonly Incident[]): string[] {
  const lines = incidents.toSorted((a, b) => (a.serial < b.serial ? -1 : 1))
  return [
    'What went wrong at the shift end, on purpose:',
    ...lines.map(({ serial, happened }) => `  ${serial}  ${happened}`),
    ...(mayMount
      ? []
      : [
          'Not played, because nobody may mount devices here: a cut cable, a bad file, an emergency pick-up, nameless cards.',
        ]),
  ]
}
