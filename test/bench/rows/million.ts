import { fork } from 'node:child_process'
import { hash, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../../../services/foundation/db/database.ts'
import { parseEntryBundle } from '../../../services/ledger/format/bundle.ts'
import { linkTag } from '../../../services/ledger/format/links.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { bundlesForGrowth, tilePath } from '../../../services/ledger/format/tiles.ts'
import { tlogProof } from '../../../services/ledger/log/proofs.ts'
import { verifyCase } from '../../../services/ledger/verify/case.ts'
import { checkSignedCheckpoint } from '../../../services/ledger/verify/checkpoint.ts'
import { readEvents, type ShownEvent } from '../../../services/ledger/verify/events.ts'
import { inBureau } from '../bureau.ts'
import type { Family } from '../family.ts'
import { inTurn, quantile, repeated } from '../harness.ts'
import { buildMillion, caseEvery, caseNumber, type MillionLog } from '../million/build.ts'

const fullEvents = 1_000_000
const shortEvents = 100_000
const proofsARound = 2000

/** What a large ledger costs those who prove and check: 10^6 events, built in some minutes. */
export const millionRows: Family = {
  rows: [
    {
      name: 'ledger/proof',
      goal: { of: 'ours', atMost: 1 },
      unit: 'ms',
      what: 'tlog-proof of a random one of 10^6 events from stored tiles, warm, median',
    },
    {
      name: 'ledger/verify',
      goal: { of: 'ratio', atLeast: 0.4 },
      unit: 'entries/s',
      what: 'full verification of tree and a case of 1,000 events in 10^6, reading the files included ÷ crypto.hash() of the same inputs',
    },
    {
      name: 'ledger/fsck',
      goal: { of: 'ours', atMost: 600 },
      unit: 'MiB',
      what: 'most memory of a full check of 10^6 events, in a process of its own; its time is in the note',
    },
  ],
  short: '100,000 events instead of 1,000,000',
  limitMinutes: 45,
  run: (options) =>
    inBureau(options, async (bureau) => {
      const events = options.isShort ? shortEvents : fullEvents
      const folder = join(bureau.directory, 'million')
      const log = await buildMillion(bureau.db, { folder, events, say: options.say })
      const proofs = await repeated(options.rounds, () => proofRound(bureau.db, log))
      const proofNote = `p99 ${proofs.map(({ p99 }) => p99.toFixed(2)).join(', ')} ms`
      options.say(`proof p50 ${proofs.map(({ p50 }) => p50.toFixed(3)).join(', ')} ms, ${proofNote}`)
      const chain = await chainOf(bureau.db, log)
      const perSecond = (what: string, seconds: number) => {
        options.say(`${what} ${events} entries in ${seconds.toFixed(1)} s`)
        return events / seconds
      }
      const verified = await inTurn(
        options.rounds,
        async () => perSecond('verified', await verifySeconds(log, chain)),
        async () => perSecond('hashed', hashOnce(log, chain)),
      )
      const checked = await checkOnce(bureau.stack.postgres.urlFor('owner'), log)
      options.say(`fsck ${checked.seconds.toFixed(0)} s, at most ${checked.mebibytes.toFixed(0)} MiB`)
      return {
        'ledger/proof': { ours: proofs.map(({ p50 }) => p50), theirs: null, note: proofNote },
        'ledger/verify': verified,
        'ledger/fsck': { ours: [checked.mebibytes], theirs: null, note: `${checked.seconds.toFixed(0)} s` },
      }
    }),
}

async function proofRound(db: Db, log: MillionLog): Promise<{ p50: number; p99: number }> {
  const takenMs: number[] = []
  // The first hundred warm connection, plans and cache.
  for (let count = -100; count < proofsARound; count++) {
    const begun = performance.now()
    await tlogProof(db, randomInt(log.size), log)
    if (count >= 0) takenMs.push(performance.now() - begun)
  }
  return { p50: quantile(takenMs, 0.5), p99: quantile(takenMs, 0.99) }
}

/** The case as the service would disclose it. */
async function chainOf(db: Db, log: MillionLog): Promise<ShownEvent[]> {
  const rows = await db
    .selectFrom('link')
    .innerJoin('event', 'event.id', 'link.event_id')
    .innerJoin('leaf', 'leaf.event_id', 'event.id')
    .where('link.subject', '=', `case:${caseNumber}`)
    .select(['leaf.index', 'event.body', 'event.salt'])
    .orderBy('leaf.index')
    .execute()
  if (rows.length * caseEvery !== log.size) throw new Error(`the case has ${rows.length} events`)
  return rows.map(({ index, body, salt }) => ({ index, body, salt: salt.toString('hex') }))
}

async function verifyOnce(log: MillionLog, chain: readonly ShownEvent[]): Promise<void> {
  const { output, proof } = log.caseSecret
  const secret = { subject: `case:${caseNumber}`, secret: output.toString('hex'), proof: proof.toString('hex') }
  const opened = checkSignedCheckpoint(log.note, parseLogKeys(log.verifierKey))
  if ('fault' in opened) throw new Error(`the checkpoint does not verify: ${opened.fault.what}`)
  const shownEvents = readEvents(chain, ({ index }) => `leaf ${index}`)
  const { findings, proven } = await verifyCase(
    { caseNumber, subjects: [secret], events: shownEvents, loose: [] },
    { ...opened, vrfPublicKey: log.vrfPublicKey, readTile: async (path) => readFileSync(join(log.folder, path)) },
  )
  if (findings.length > 0 || proven.size !== chain.length) {
    throw new Error(`the log does not verify: ${JSON.stringify(findings.slice(0, 3))}`)
  }
}

/** Every leaf, every node, each event's salt and body, each tag: what a verification cannot leave out. Seconds of hashing. */
function hashOnce(log: MillionLog, chain: readonly ShownEvent[]): number {
  const node = Buffer.alloc(65, 1)
  let hashedMs = 0
  const counted = (work: () => void) => {
    const begun = performance.now()
    work()
    hashedMs += performance.now() - begun
  }
  for (const bundle of bundlesForGrowth(0, log.size)) {
    const entries = parseEntryBundle(readFileSync(join(log.folder, tilePath(bundle))), bundle.width)
    const inputs = entries.map((entry) => Buffer.concat([Buffer.of(0), entry]))
    counted(() => {
      for (const input of inputs) {
        hash('sha256', input, 'buffer')
        hash('sha256', node, 'buffer')
      }
    })
  }
  const bodies = chain.map(({ body, salt }) => Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(body)]))
  counted(() => {
    for (const body of bodies) hash('sha256', body, 'buffer')
    for (let n = 1; n <= chain.length + 1; n++) linkTag(log.caseSecret.output, n)
  })
  return hashedMs / 1000
}

async function verifySeconds(log: MillionLog, chain: readonly ShownEvent[]): Promise<number> {
  const begun = performance.now()
  await verifyOnce(log, chain)
  return (performance.now() - begun) / 1000
}

async function checkOnce(url: string, log: MillionLog): Promise<{ seconds: number; mebibytes: number }> {
  const path = join(import.meta.dirname, '../million/check.ts')
  const vrfKey = log.vrfPublicKey.toString('hex')
  const child = fork(path, [log.verifierKey, vrfKey], { env: { ...process.env, DATABASE_URL: url } })
  const [figures] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the check ended with ${code}`))),
  ])) as [{ seconds: number; mebibytes: number; errors: string[] }]
  if (figures.errors.length > 0) throw new Error(`the check found ${figures.errors.slice(0, 3).join('; ')}`)
  return figures
}
