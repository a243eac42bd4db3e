import type { Test } from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkTree } from '../../../services/custody/fsck/tree.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { vrfProve } from '../../../services/ledger/format/vrf.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { openHeadFile } from '../../../services/ledger/log/head.ts'
import type { StoredSecret } from '../../../services/ledger/log/sequence/secret-mac.ts'
import type { SecretSource } from '../../../services/ledger/log/sequence/subject-secrets.ts'
import { loadTreeState } from '../../../services/ledger/log/sequence/tree-state.ts'
import type { VrfProver } from '../../../services/ledger/log/sequence/vrf-prover.ts'
import { sequenceOnce } from '../../../services/ledger/log/sequencer.ts'
import { makeTestLog, type TestLog } from '../../support/sequencer.ts'
import { openWorld, type World } from '../../support/world.ts'

interface Ledger {
  readonly world: World
  readonly log: TestLog
  /** The sequencer's warnings, and the subjects that they name. */
  readonly warnings: string[]
  readonly warned: string[]
  append(...subjects: string[]): Promise<string>
  /** Rounds until nothing waits. */
  sequence(source: SecretSource): Promise<void>
  once(source: SecretSource): Promise<void>
}

/** The sequencer's own login, not the owner's: it writes and mends these rows with the rights that it has. */
export async function openLedger(t: Test): Promise<Ledger> {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const warnings: string[] = []
  const warned: string[] = []
  const warn = ({ subjects = [] }: { subjects?: string[] }, message: string) => {
    warnings.push(message)
    warned.push(...subjects)
  }
  const head = openHeadFile(log.headPath, log.origin)
  const logger = { ...world.log, warn } as World['log']
  const deps = { ...log, db: world.dbFor('sequencer'), head, clock: world.clock, log: logger }
  const once = async (source: SecretSource) => {
    const state = await loadTreeState(deps.db, head)
    return (await sequenceOnce(deps, source, state)) !== state
  }
  return {
    world,
    log,
    warnings,
    warned,
    append: (...subjects) => {
      const named = subjects.map((subject) => {
        const [type, id] = subject.split(':') as [string, string]
        return { type, id }
      })
      const event = { kind: 'test.happened', at: new Date(), actor: 't', actorRole: 'service', details: {} }
      return world.db.transaction().execute((trx) => appendEvent(trx, { ...event, subjects: named }))
    },
    sequence: async (source) => {
      while (await once(source));
    },
    once: async (source) => {
      await once(source)
    },
  }
}

/** Proves in this thread and counts; what threads would do is `inThread`, which may take its time or fail. */
export function countingProver(log: TestLog, inThread: () => Promise<void> = async () => undefined) {
  const asked: string[] = []
  const proveNow = (subject: string) => {
    asked.push(subject)
    const { output, proof } = vrfProve(log.vrfSecretKey, Buffer.from(subject))
    return { subject, secret: output, proof }
  }
  const prover: VrfProver = {
    prove: async (subject) => {
      await inThread()
      return proveNow(subject)
    },
    proveNow,
    close: async () => undefined,
  }
  return { asked, prover }
}

/** What fsck says of the tree, as `check place`. */
export async function errorsOf({ world, log }: Ledger): Promise<string[]> {
  const report = openReport()
  await checkTree(world.db, { log: parseLogKeys(log.verifierKeys), vrfPublicKey: log.vrfPublicKey }, report)
  // A busy machine may well take more than five seconds for an event, which is a notice.
  const errors = report.findings().filter(({ severity }) => severity === 'error')
  return errors.map(({ check, subject }) => `${check} ${subject}`)
}

export async function requireSound(t: Test, ledger: Ledger): Promise<void> {
  t.same(await errorsOf(ledger), [])
}

export async function storedRow(world: World, subject: string): Promise<StoredSecret> {
  return world.db.selectFrom('subject_secret').selectAll().where('subject', '=', subject).executeTakeFirstOrThrow()
}
