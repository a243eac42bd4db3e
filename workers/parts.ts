import { randomUUID } from 'node:crypto'
import { systemClock } from '../services/foundation/clock.ts'
import type { Db } from '../services/foundation/db/database.ts'
import { withLeaseLoop } from '../services/foundation/db/lease.ts'
import type { Logger } from '../services/foundation/log.ts'
import { openProducer } from '../services/foundation/queue/producer.ts'
import { startWorkers, type Workers } from '../services/foundation/queue/worker.ts'
import { closeStores, openStores } from '../services/foundation/store/open.ts'
import type { Stores } from '../services/foundation/store/store.ts'
import { witnessesOf } from '../services/ledger/format/witnesses.ts'
import { openWitnessClient } from '../services/ledger/witness/client.ts'
import { watchArchive } from './archive/watch.ts'
import { runArchive } from './archive.ts'
import { startCanaries } from './canary.ts'
import { nightlyWork, reconcileWork, startStoreAuditPart } from './checks-parts.ts'
import { checksum } from './checksum.ts'
import type { WorkersConfig } from './config.ts'
import { copy } from './copy.ts'
import { runExpire } from './expire.ts'
import { runPackageExpiry } from './package/expiry.ts'
import { buildPackage } from './package.ts'
import { runReceipt } from './receipt.ts'
import { runRelay } from './relay.ts'
import { jobHandler, type RunDeps } from './run.ts'
import { startSandboxProof } from './sandbox-proof.ts'
import { runTimestamp } from './timestamp.ts'
import { sweepScratch, transcode } from './transcode.ts'
import { runWitness } from './witness.ts'
import { witnessWarnings } from './witness-metrics.ts'

/** A part of the workers' process that runs: what it waits for, and how it ends. */
export interface RunningPart {
  /** Why it does not do its work now; {} when it does. */
  ready(): Record<string, string>
  /** What somebody should look at although it works; {} or absent when nothing. */
  warnings?(): Promise<Record<string, string>>
  close(): Promise<void>
}

export interface PartDeps {
  readonly db: Db
  readonly stores: Stores
  readonly config: WorkersConfig
  readonly log: Logger
}

/** Starts every part that the configuration names. */
export async function startParts(deps: PartDeps): Promise<RunningPart[]> {
  const { config, log } = deps
  const starts = {
    relay: startRelay,
    checksum: startChecksum,
    copy: startCopy,
    transcode: startTranscode,
    expire: startExpire,
    archive: startArchive,
    package: startPackage,
    'store-audit': startStoreAuditPart,
    reconcile: (parts: PartDeps) => startLoop(parts, 'reconcile', reconcileWork(parts)),
    nightly: (parts: PartDeps) => startLoop(parts, 'nightly', nightlyWork(parts)),
    witness: startWitness,
    timestamp: startTimestamp,
    receipt: startReceipt,
  }
  const running: RunningPart[] = []
  for (const part of config.parts) {
    running.push(await starts[part](deps))
    log.info({ part }, 'started')
  }
  return running
}

function startRelay({ db, config, log }: PartDeps): RunningPart {
  const producer = openProducer({ redisUrl: config.redisUrl.reveal(), prefix: config.redisPrefix, log })
  const loop = startLoop({ db, log }, 'relay', (signal) => runRelay({ db, producer, clock: systemClock, log }, signal))
  return {
    ready: () => ({}),
    close: async () => {
      await loop.close()
      await producer.close()
    },
  }
}

function startExpire({ db, stores, log }: PartDeps): RunningPart {
  const expire = { db, clock: systemClock, log, primary: stores.primary }
  return startLoop({ db, log }, 'expire', (signal) => runExpire(expire, signal))
}

function startArchive({ db, stores, config, log }: PartDeps): RunningPart {
  // readWorkersConfig gives its settings whenever this part is to run.
  const archive = { db, stores, clock: systemClock, log, ...config.archive! }
  const loop = startLoop({ db, log }, 'archive', (signal) => runArchive(archive, signal))
  const watch = watchArchive(archive)
  return {
    ready: watch.late,
    close: async () => {
      watch.end()
      await loop.close()
    },
  }
}

/** A loop and a lease for each witness that has an address: a slow one delays no other. */
function startWitness({ db, config, log }: PartDeps): RunningPart {
  // readWorkersConfig gives its settings whenever this part is to run.
  const { origin, policy } = config.witness!
  if (policy === null) return { ready: () => ({}), close: async () => undefined }
  const talks = witnessesOf(policy).flatMap((witness) => {
    if (witness.url === null) return []
    const client = openWitnessClient(witness.url)
    const deps = { db, clock: systemClock, log, origin, policy, client }
    const loop = startLoop({ db, log }, `witness ${witness.name}`, (signal) => runWitness(deps, witness, signal))
    return [{ client, loop }]
  })
  return {
    ready: () => ({}),
    warnings: () => witnessWarnings({ db, policy, clock: systemClock }),
    close: async () => {
      await Promise.all(talks.map(({ loop }) => loop.close()))
      await Promise.all(talks.map(({ client }) => client.close()))
    },
  }
}

function startTimestamp(deps: PartDeps): RunningPart {
  // readWorkersConfig gives its settings whenever this part is to run.
  const { authorities, everyHours } = deps.config.timestamp!
  const timestamp = { ...runDeps(deps), authorities, everyMs: everyHours * 60 * 60_000 }
  return startLoop(deps, 'timestamp', (signal) => runTimestamp(timestamp, signal))
}

function startReceipt(deps: PartDeps): RunningPart {
  return startLoop(deps, 'receipt', (signal) => runReceipt(runDeps(deps), signal))
}

function startPackage(deps: PartDeps): RunningPart {
  const run = runDeps(deps)
  const packageDeps = { ...run, stores: deps.stores, settings: deps.config.package! }
  const work = jobHandler(run, 'package', (job, signal) => buildPackage(packageDeps, job, signal))
  const workers = startQueue(deps, { package: work })
  const expiry = startLoop(deps, 'package expiry', (signal) =>
    runPackageExpiry({ ...run, primary: deps.stores.primary }, signal),
  )
  return {
    ready: () => ({}),
    close: async () => {
      await Promise.all([expiry.close(), workers.close()])
    },
  }
}

function startChecksum(deps: PartDeps): RunningPart {
  const run = runDeps(deps)
  const workers = startQueue(deps, {
    checksum: jobHandler(run, 'checksum', (job, signal) =>
      checksum({ ...run, primary: deps.stores.primary }, job, signal),
    ),
  })
  return { ready: () => ({}), close: () => workers.close() }
}

function startCopy(deps: PartDeps): RunningPart {
  const run = runDeps(deps)
  const stopper = new AbortController()
  // readWorkersConfig gives the canary's keys whenever this part is to run.
  const canaryStores = openStores(deps.config.canaryStores!, deps.log)
  const proof = startCanaries({ ...run, stores: canaryStores }, stopper.signal)
  const copyDeps = { ...run, stores: deps.stores, requireLocksProven: proof.requireProven }
  const workers = startQueue(deps, { copy: jobHandler(run, 'copy', (job, signal) => copy(copyDeps, job, signal)) })
  return {
    ready: proof.unproven,
    close: async () => {
      stopper.abort()
      await workers.close()
      await closeStores(canaryStores)
    },
  }
}

/** Jobs stay in the queue until the sandbox is proven: nothing takes them before. */
async function startTranscode(deps: PartDeps): Promise<RunningPart> {
  const { config, log, db, stores } = deps
  const run = runDeps(deps)
  const stopper = new AbortController()
  const { scratchDirectory } = config
  await sweepScratch(db, scratchDirectory, systemClock.now())
  const proof = startSandboxProof(scratchDirectory, log, stopper.signal)
  const transcodeDeps = { ...run, primary: stores.primary, scratchDirectory, requireSandbox: proof.requireSandbox }
  let workers: Workers | null = null
  void proof.proven.then(() => {
    if (stopper.signal.aborted) return
    const work = jobHandler(run, 'transcode', (job, signal) => transcode(transcodeDeps, job, signal))
    workers = startQueue(deps, { transcode: work })
  })
  return {
    ready: proof.unproven,
    close: async () => {
      stopper.abort()
      await workers?.close()
    },
  }
}

function startLoop(
  { db, log }: Pick<PartDeps, 'db' | 'log'>,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
): RunningPart {
  const stopper = new AbortController()
  const loop = withLeaseLoop({ db, name, holder: randomUUID(), clock: systemClock, log, signal: stopper.signal }, work)
  return {
    ready: () => ({}),
    close: async () => {
      stopper.abort()
      await loop
    },
  }
}

function startQueue({ config, log }: PartDeps, handlers: Parameters<typeof startWorkers>[0]['handlers']): Workers {
  return startWorkers({ redisUrl: config.redisUrl.reveal(), prefix: config.redisPrefix, log, handlers })
}

function runDeps({ db, log }: PartDeps): RunDeps {
  return { db, clock: systemClock, log }
}
