import type { Register } from '../ingest/register.ts'
import { isCopyMissing } from '../receipts/mend-copies.ts'
import type { ScreenState } from '../screen/schemas.ts'
import type { SourceTrouble } from '../sources/source.ts'
import type { FileRecord } from '../spool/records.ts'
import { clockState } from './clock-state.ts'
import type { StationDeps } from './deps.ts'
import type { Dockings } from './dockings.ts'
import { refusedCopies } from './refused-copies.ts'
import type { Session, Stage } from './session.ts'
import { isWantedAgain } from './take-in.ts'

/** What the station is, besides its slots. */
export interface StationSettings {
  readonly name: string
  readonly slots: number
  readonly version: string
  readonly sounds: boolean
  readonly quietFrom: string | null
  readonly quietTo: string | null
  readonly hasPrinter: boolean
}

export type Head = Omit<ScreenState, 'slots'>

const bureauZoneMs = 8 * 3_600_000

/** Measured anew by `refresh`: the disk is asked only now and then. */
export interface SpoolState {
  current(): Head['spool']
  refresh(): Promise<void>
}

export function openSpoolState(
  deps: Pick<StationDeps, 'copies' | 'book'>,
  dockings: Pick<Dockings, 'all'>,
): SpoolState {
  let usage = { usedBytes: 0, sizeBytes: 0 }
  return {
    async refresh() {
      usage = await deps.copies.usage()
    },
    current() {
      const usedPart = usage.sizeBytes > 0 ? usage.usedBytes / usage.sizeBytes : 0
      const hasNoRoom = dockings.all().some(({ attention }) => attention?.word === 'spool_full')
      const waiting = deps.book
        .open()
        .flatMap(({ files }) =>
          files.filter(
            ({ keptCopy, sending }) => keptCopy !== null && (sending === 'waiting' || sending === 'refused'),
          ),
        )
      return {
        ...usage,
        state: hasNoRoom ? 'full' : usedPart > 0.8 ? 'filling' : 'ok',
        waitingBytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
        refusedFiles: refusedCopies(deps.book).length,
        missingCopies: deps.book.open().reduce((sum, { files }) => sum + files.filter(isCopyMissing).length, 0),
        devicesWanted: devicesWanted(deps, dockings.all()),
      }
    },
  }
}

/** Serials of devices that hold what their list's copy here has lost, and that are not being read now. */
function devicesWanted({ book }: Pick<StationDeps, 'book'>, sessions: readonly Session[]): string[] {
  const ends = new Set<Stage>(['released', 'stopped', 'ignored', 'left'])
  const atWork = new Set(sessions.filter(({ stage }) => !ends.has(stage)).map(({ serial }) => serial))
  const isWanted = (file: FileRecord) =>
    isWantedAgain(file) && file.home === null && (file.cleared === 'no' || file.cleared === 'failed')
  const wanting = book.open().filter(({ state, files }) => state !== 'refused' && files.some(isWanted))
  return [...new Set(wanting.map(({ serial }) => serial))].filter((serial) => !atWork.has(serial)).sort()
}

export function headOf(
  deps: StationDeps,
  station: {
    settings: StationSettings
    dockings: Dockings
    spool: SpoolState
    trouble: () => SourceTrouble | null
  },
  bytesPerSecond: number,
): Head {
  const { settings, dockings, spool } = station
  const register = deps.register.current()
  const nowMs = deps.now()
  const sessions = dockings.all()
  return {
    station: settings.name,
    at: nowMs,
    server: deps.ingest.reach().state,
    certificate: deps.ingest.certificate(),
    trouble: station.trouble(),
    clock: clockState(deps.ingest, nowMs),
    contact: register?.settings.contact ?? null,
    receiving: sessions.filter(({ stage }) => stage === 'taking_in').length,
    bytesPerSecond,
    today: todayOf(deps, register, nowMs),
    spool: spool.current(),
    witnessedAt: witnessedAt(deps),
    settings: {
      names: register?.settings.names ?? 'name',
      sounds: settings.sounds,
      quietFrom: settings.quietFrom,
      quietTo: settings.quietTo,
      printer: settings.hasPrinter,
    },
    recent: [...dockings.recent()],
  }
}

const dayOf = (ms: number) => Math.floor((ms + bureauZoneMs) / 86_400_000)

/** Expected: the devices of today's roster, else all that are in service. */
function todayOf({ book }: Pick<StationDeps, 'book'>, register: Register | null, nowMs: number): Head['today'] {
  const today = dayOf(nowMs)
  const handedIn = [...book.newestLists().values()].filter((openedMs) => dayOf(openedMs) === today).length
  const rostered = new Set(
    register?.roster.flatMap(({ serial, from, to }) =>
      serial !== null && dayOf(Date.parse(from)) <= today && today <= dayOf(Date.parse(to)) ? [serial] : [],
    ),
  ).size
  const inService = register?.devices.filter(({ state }) => state === 'in_service').length ?? 0
  return { handedIn, expected: rostered > 0 ? rostered : inService }
}

/** The newest witnessed receipt that verified here was issued before that checkpoint. */
function witnessedAt({ book }: Pick<StationDeps, 'book'>): number | null {
  let newestMs: number | null = null
  for (const { files } of book.open()) {
    for (const { receipt, receiptMs } of files) {
      if (receipt === 'witnessed' && receiptMs !== null) newestMs = Math.max(newestMs ?? 0, receiptMs)
    }
  }
  return newestMs
}

/** A report of the station itself, or something of any list that is not done. */
const isPostRefused = ({ troubles, book }: StationDeps) =>
  troubles.has(null) || book.open().some(({ id }) => troubles.has(id))

/** The body of PUT /docks/me/state. */
export function stateReport(
  deps: StationDeps,
  settings: StationSettings,
  spool: Head['spool'],
  occupied: readonly { session: Session; word: string | null }[],
  trouble: SourceTrouble | null,
) {
  const { state, sinceMs } = deps.ingest.reach()
  return {
    version: settings.version,
    slots: settings.slots,
    slotsUsed: occupied.length,
    spoolBytes: spool.sizeBytes,
    spoolUsedBytes: spool.usedBytes,
    waitingBytes: spool.waitingBytes,
    clock: clockState(deps.ingest, deps.now()),
    offlineSince: state === 'online' ? null : new Date(sinceMs).toISOString(),
    attention: [
      ...occupied.flatMap(({ session, word }) => (word === null ? [] : [{ slot: session.slot, word }])),
      ...(trouble === null ? [] : [{ slot: null, word: trouble.word }]),
      ...((spool.refusedFiles ?? 0) > 0 ? [{ slot: null, word: 'refused_by_server' }] : []),
      ...((spool.missingCopies ?? 0) > 0 ? [{ slot: null, word: 'kept_copy_missing' }] : []),
      ...((spool.devicesWanted ?? []).length > 0 ? [{ slot: null, word: 'device_wanted' }] : []),
      ...(isPostRefused(deps) ? [{ slot: null, word: 'post_refused' }] : []),
    ],
  }
}
