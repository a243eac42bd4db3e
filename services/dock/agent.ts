import type { KeyObject } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '../foundation/id.ts'
import type { Logger } from '../foundation/log.ts'
import { startBackground } from './docking/background.ts'
import type { StationDeps, Step } from './docking/deps.ts'
import { openDesk } from './docking/desk.ts'
import { openDockings } from './docking/dockings.ts'
import { openScreenModel, type Slips, type StationModel } from './docking/screen-model.ts'
import { openSignIns } from './docking/sign-ins.ts'
import { openSpoolState, type StationSettings, stateReport } from './docking/station-state.ts'
import { openIngest } from './ingest/client.ts'
import { openPlaces } from './ingest/places.ts'
import { openPostTroubles } from './ingest/post-troubles.ts'
import { openRegister } from './ingest/register.ts'
import { openDigests } from './reading/digests.ts'
import type { ReceiptTrust } from './receipts/check.ts'
import { mendCopies } from './receipts/mend-copies.ts'
import type { CardDesk } from './sources/card-desk.ts'
import type { Source } from './sources/source.ts'
import { openAnswers } from './spool/answers.ts'
import { openBook } from './spool/book.ts'
import { openClearings } from './spool/clearings.ts'
import { openSpoolDatabase } from './spool/database.ts'
import { openKeptCopies } from './spool/kept-copies.ts'

export interface AgentOptions {
  readonly station: StationSettings
  readonly server: { readonly origin: string; readonly caFile: string | null; readonly patienceMs: number }
  readonly token: () => string
  readonly signingKey: KeyObject
  readonly trust: ReceiptTrust
  readonly spool: {
    readonly folder: string
    readonly bytesMax: number
    readonly identity: string
    readonly recoveryRecipient: string
  }
  readonly uploads: { readonly max: number; readonly bytesPerSecond: number | null }
  readonly sources: readonly Source[]
  /** The one of them that is a desk for cards and exports. */
  readonly desk?: CardDesk | null
  readonly slips: Slips
  readonly log: Logger
  readonly now?: () => number
  readonly onStep?: (step: Step) => void
}

export interface Agent {
  readonly model: StationModel
  /** Ends where it stands; the next one goes on from the spool. */
  stop(): Promise<void>
}

const answerMsMax = 60_000
const measureSpoolMs = 5000

/** Starts a docking station: its spool, its talk with the bureau, and one docking for each volume that its sources see. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { log, spool: place, station: settings, server } = options
  const now = options.now ?? Date.now
  const newIdNow = () => newId(new Date(now()))
  await mkdir(place.folder, { recursive: true, mode: 0o700 })
  const database = await openSpoolDatabase(join(place.folder, 'spool.sqlite'))
  const copies = await openKeptCopies({ ...place, folder: join(place.folder, 'copies') })
  const book = await openBook(database)
  const ingest = openIngest({ ...server, token: options.token, answerMsMax, now })
  const digests = openDigests()
  let wake: () => void = () => undefined
  const deps: StationDeps = {
    log,
    now,
    newId: newIdNow,
    signingKey: options.signingKey,
    database,
    book,
    answers: openAnswers(database, newIdNow),
    clearings: openClearings(database),
    copies,
    digests,
    ingest,
    troubles: await openPostTroubles(database),
    places: openPlaces(options.uploads),
    register: await openRegister(database, ingest),
    trust: options.trust,
    patienceMs: server.patienceMs,
    sending: new Set(),
    wake: () => wake(),
    onStep: options.onStep ?? (() => undefined),
  }
  await mendCopies(deps)
  await deps.answers.tellIntended(null)
  const dockings = openDockings(deps, settings.slots)
  const spool = openSpoolState(deps, dockings)
  const signIns = openSignIns(deps)
  const desk = options.desk ? openDesk(deps, options.desk, dockings, signIns) : null
  const trouble = () => options.sources.flatMap((source) => source.trouble?.() ?? [])[0] ?? null
  const model = openScreenModel(deps, { settings, dockings, spool, trouble, slips: options.slips, desk, signIns })
  const wakeDockings = (serial: string | null) => {
    for (const session of dockings.all()) if (serial === null || session.serial === serial) session.wake()
  }
  book.onChange(wakeDockings)
  deps.register.onChange(() => wakeDockings(null))
  const measure = () =>
    spool.refresh().catch((error: unknown) => log.error({ err: error }, 'the disk of the spool cannot be asked'))
  await measure()
  const measuring = setInterval(measure, measureSpoolMs)
  const tellState = async () => {
    const shown = dockings.all().filter((session) => dockings.inSlot(session.slot) === session)
    const occupied = shown.map((session) => {
      const { word, attention } = model.slot(session.slot).card
      return { session, word: word === 'attention' ? (attention?.word ?? null) : null }
    })
    await ingest.ask({
      method: 'PUT',
      path: '/docks/me/state',
      json: stateReport(deps, settings, spool.current(), occupied, trouble()),
    })
  }
  const background = startBackground(deps, { isDocked: dockings.isDocked, tellState })
  wake = background.wake
  await dockings.restore()
  for (const source of options.sources) await source.start(dockings)
  return {
    model,
    async stop() {
      for (const source of options.sources) await source.stop()
      clearInterval(measuring)
      model.close()
      await dockings.stop()
      await background.stop()
      await ingest.close()
      await digests.close()
      await database.close()
    },
  }
}
