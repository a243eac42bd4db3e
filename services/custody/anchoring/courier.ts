import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import { type Checkpoint, parseCheckpoint } from '../../ledger/format/checkpoint.ts'
import { type LogKeys, logKeysOfSetting } from '../../ledger/format/log-keys.ts'
import { splitNote } from '../../ledger/format/note.ts'
import type { Policy } from '../../ledger/format/policy.ts'
import { openCheckpoint, openCosigned } from '../../ledger/format/signed-checkpoint.ts'
import {
  addCheckpointText,
  type Cosignature,
  judgeAnswer,
  missingKinds,
  signatureLines,
} from '../../ledger/format/witness-protocol.ts'
import { requireWitness, type Witness, witnessesOf } from '../../ledger/format/witnesses.ts'
import { newestCheckpoint } from '../../ledger/log/newest-checkpoint.ts'
import { addCheckpointFrom } from '../../ledger/witness/ask.ts'
import { lastCosignedSize, storeCosignaturesIn } from '../../ledger/witness/cosignatures.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { raiseWitnessAlarm } from './witness-alarm.ts'

/** A witness without network is reached by a person who carries files: what he takes out, and what he brings back. */
export interface CourierDeps {
  readonly db: Db
  readonly clock: Clock
  /** The ledger's name. */
  readonly origin: string
  /** The log's keys as `parseLogKeys` reads them. Null: nothing can be carried, since no signature of the log could be checked. */
  readonly verifierKey: string | null
  readonly policy: Policy | null
}

export interface Imported {
  readonly witness: string
  readonly size: number
  /** The policy's quorum is met for this checkpoint. */
  readonly witnessed: boolean
  /** It had been brought before: nothing changed. */
  readonly again: boolean
}

/**
 * The newest checkpoint for the witness `name`, as the body of add-checkpoint that leads on from what it cosigned last; an event.
 *
 * @throws not_found for a witness that the policy does not name, or without the log's keys; conflict while nothing is
 *   published, or when the newest checkpoint is not signed by every key of the log that signs now
 */
export async function exportForCourier(deps: CourierDeps, actor: Actor, name: string): Promise<string> {
  const { db } = deps
  const policy = requirePolicy(deps.policy)
  const witness = requireWitness(policy, name)
  const newest = await newestCheckpoint(db)
  if (!newest) throw new Fault('conflict', 'no checkpoint has been signed yet: there is nothing to carry')
  openOwn(newest, requireLogKeys(deps))
  const oldSize = await lastCosignedSize(db, witness.name)
  if (oldSize > newest.size) throw new Fault('log_forked', `${witness.name} has cosigned more than this database holds`)
  const text = addCheckpointText(await addCheckpointFrom(db, oldSize, newest))
  await db.transaction().execute((trx) =>
    recordEvent(trx, 'courier.exported', {
      ...actOf(deps, actor, witness),
      details: { witness: witness.name, oldSize, size: newest.size, root: newest.root.toString('hex') },
    }),
  )
  return text
}

/**
 * Takes in what a courier brings back: the signed checkpoint with the witness's lines. Stored with an event, in one transaction; the
 * same file again changes nothing.
 *
 * @throws malformed; conflict (changed, of another log or of others, a signature of the log or a kind of signature of the
 *   witness is missing, older than what that witness gave before); not_found without policy or keys; log_forked with an alarm when the log's own key signed another tree of that size
 */
export async function importFromCourier(deps: CourierDeps, actor: Actor, note: string): Promise<Imported> {
  const { db, clock } = deps
  const policy = requirePolicy(deps.policy)
  const { checkpoint, witness, cosignatures } = open(note, requireLogKeys(deps), policy, clock.now())
  await requirePublished(deps, witness, checkpoint)
  return db.transaction().execute(async (trx) => {
    const { size } = checkpoint
    const given = { witness: witness.name, size, cosignatures, at: clock.now() }
    if (await areStored(trx, size, cosignatures)) {
      return { witness: witness.name, size, witnessed: await isWitnessed(trx, size), again: true }
    }
    await requireNewer(trx, witness, size)
    const witnessed = await storeCosignaturesIn(trx, policy, given)
    await recordEvent(trx, 'courier.imported', {
      ...actOf(deps, actor, witness),
      details: { witness: witness.name, size, root: checkpoint.root.toString('hex'), witnessed },
    })
    return { witness: witness.name, size, witnessed, again: false }
  })
}

/** Reads the file: it must hold every signature of the log, and every kind of signature of one witness. */
function open(
  note: string,
  log: LogKeys,
  policy: Policy,
  now: Date,
): { checkpoint: Checkpoint; witness: Witness; cosignatures: readonly Cosignature[] } {
  const { origin } = parseFile(note)
  if (origin !== log.origin) throw new Fault('conflict', `the file is of the ledger ${origin}, not of ${log.origin}`)
  const { text, signatures } = splitNote(note)
  const { checkpoint, cosigners } = openFile(note, log, policy)
  const [witness, another] = witnessesOf(policy).filter(({ keys }) => cosigners.some((key) => keys.includes(key)))
  if (!witness) throw new Fault('conflict', 'the file carries no signature of a witness that the policy names')
  if (another) throw new Fault('conflict', `the file mixes ${witness.name} and ${another.name}: bring each one's own`)
  const lines = signatures.filter((one) => witness.keys.some((key) => key.name === one.name && key.keyId === one.keyId))
  const { cosignatures, ignored } = judgeAnswer(signatureLines(text, lines), text, witness.keys, now.getTime() / 1000)
  const missing = missingKinds(witness.keys, cosignatures)
  if (missing === null) return { checkpoint, witness, cosignatures }
  throw new Fault(
    'conflict',
    `the file lacks the ${missing} signature of ${witness.name}: ${ignored.join('; ') || 'bring the whole file'}`,
  )
}

function parseFile(note: string): Checkpoint {
  try {
    return parseCheckpoint(splitNote(note).text)
  } catch (cause) {
    if (!isFault(cause, 'malformed')) throw cause
    const message = `this is no signed checkpoint as custody-witness writes it: ${cause.message}`
    throw new Fault('malformed', message, { cause })
  }
}

function openFile(note: string, log: LogKeys, policy: Policy) {
  try {
    return openCosigned(
      note,
      log,
      policy.witnesses.map(({ key }) => key),
    )
  } catch (cause) {
    if (!isFault(cause, 'unproven')) throw cause
    const message = `the file was changed, is of another ledger, or does not carry all of this ledger's own signatures: ${cause.message}`
    throw new Fault('conflict', message, { cause })
  }
}

/** What is given to a witness is signed in full: it would refuse less, and the way there is long. */
function openOwn({ size, note }: { size: number; note: string }, log: LogKeys): void {
  try {
    openCheckpoint(note, log)
  } catch (cause) {
    if (!isFault(cause, 'unproven')) throw cause
    throw new Fault('conflict', `the checkpoint of ${size} events cannot be given to a witness: ${cause.message}`, {
      cause,
    })
  }
}

/** The witness cosigned it, as a rule because the log's key signed it: when it is not what was published, there are two histories. */
async function requirePublished(deps: CourierDeps, witness: Witness, checkpoint: Checkpoint) {
  const { size, root } = checkpoint
  const row = await deps.db.selectFrom('checkpoint').where('size', '=', size).select('root').executeTakeFirst()
  if (row?.root.equals(root)) return
  const message = row
    ? `${witness.name} has cosigned another tree of ${size} events than the one that was published`
    : `${witness.name} has cosigned a checkpoint of ${size} events that this database does not hold: it was put back to an earlier state; see "restored database" in deploy/RUNBOOK.md`
  await raiseWitnessAlarm(deps.db, deps.clock, { witness: witness.name, origin: deps.origin, size, message })
  throw new Fault('log_forked', message)
}

async function areStored(trx: Trx, size: number, cosignatures: readonly Cosignature[]): Promise<boolean> {
  const rows = await trx.selectFrom('cosignature').where('size', '=', size).select(['name', 'key_id']).execute()
  return cosignatures.every(({ key }) => rows.some((row) => row.name === key.name && row.key_id === key.keyId))
}

async function isWitnessed(trx: Trx, size: number): Promise<boolean> {
  return (await trx.selectFrom('witnessed').where('size', '=', size).select('size').executeTakeFirst()) !== undefined
}

async function requireNewer(trx: Trx, witness: Witness, size: number): Promise<void> {
  const lastSize = await lastCosignedSize(trx, witness.name)
  if (size >= lastSize) return
  throw new Fault(
    'conflict',
    `the file is an old one: it is of ${size} events, and ${witness.name} has cosigned ${lastSize} already`,
  )
}

function requirePolicy(policy: Policy | null): Policy {
  if (policy) return policy
  throw new Fault('not_found', 'no witness is named: LEDGER_POLICY is not set')
}

function requireLogKeys({ verifierKey, origin }: CourierDeps): LogKeys {
  if (verifierKey !== null) return logKeysOfSetting(verifierKey, origin)
  throw new Fault('not_found', "the ledger's keys are not given: LEDGER_VERIFIER_KEY is not set")
}

function actOf({ clock, origin }: CourierDeps, actor: Actor, witness: Witness) {
  return {
    clock,
    by: actor,
    subjects: [
      { type: 'ledger', id: origin },
      { type: 'witness', id: witness.name },
      { type: 'person', id: actor.id },
    ],
  }
}
