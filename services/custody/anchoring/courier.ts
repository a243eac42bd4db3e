import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import { type Checkpoint, parseCheckpoint } from '../../ledger/format/checkpoint.ts'
import { openNote, splitNote } from '../../ledger/format/note.ts'
import type { Policy } from '../../ledger/format/policy.ts'
import {
  addCheckpointText,
  type Cosignature,
  judgeAnswer,
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
 * @throws not_found for a witness that the policy does not name; conflict while nothing is published
 */
export async function exportForCourier(deps: CourierDeps, actor: Actor, name: string): Promise<string> {
  const { db } = deps
  const policy = requirePolicy(deps.policy)
  const witness = requireWitness(policy, name)
  const newest = await newestCheckpoint(db)
  if (!newest) throw new Fault('conflict', 'no checkpoint has been signed yet: there is nothing to carry')
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
 * @throws malformed; conflict (changed, of another log or of others, no line of a witness of the policy, older than what
 *   that witness gave before); log_forked with an alarm when the log's own key signed another tree of that size
 */
export async function importFromCourier(deps: CourierDeps, actor: Actor, note: string): Promise<Imported> {
  const { db, clock } = deps
  const policy = requirePolicy(deps.policy)
  const { checkpoint, witness, cosignatures } = open(note, deps.origin, policy, clock.now())
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

/** Reads the file: every line of a key that the policy knows must verify, the log's own and those of one witness be there. */
function open(
  note: string,
  origin: string,
  policy: Policy,
  now: Date,
): { checkpoint: Checkpoint; witness: Witness; cosignatures: readonly Cosignature[] } {
  const checkpoint = parseFile(note)
  if (checkpoint.origin !== origin) {
    throw new Fault('conflict', `the file is of the ledger ${checkpoint.origin}, not of ${origin}`)
  }
  const { text, signatures } = splitNote(note)
  const { verified } = openFile(note, policy)
  const isSigned = verified.some(({ key }) => policy.logKeys.includes(key))
  if (policy.logKeys.length > 0 && !isSigned) {
    throw new Fault(
      'conflict',
      "the file's checkpoint does not carry this ledger's own signature: bring the whole file",
    )
  }
  const witnesses = witnessesOf(policy).filter(({ keys }) => verified.some(({ key }) => keys.includes(key)))
  const [witness, another] = witnesses
  if (!witness) throw new Fault('conflict', 'the file carries no signature of a witness that the policy names')
  if (another) throw new Fault('conflict', `the file mixes ${witness.name} and ${another.name}: bring each one's own`)
  const lines = signatures.filter((one) => witness.keys.some((key) => key.name === one.name && key.keyId === one.keyId))
  const judged = judgeAnswer(signatureLines(text, lines), text, witness.keys, now.getTime() / 1000)
  if (judged.cosignatures.length === 0)
    throw new Fault('conflict', `the file does not count: ${judged.ignored.join('; ')}`)
  return { checkpoint, witness, cosignatures: judged.cosignatures }
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

function openFile(note: string, policy: Policy) {
  try {
    return openNote(note, [...policy.logKeys, ...policy.witnesses.map(({ key }) => key)])
  } catch (cause) {
    if (!isFault(cause, 'unproven')) throw cause
    throw new Fault('conflict', `the file was changed, or is of others: ${cause.message}`, { cause })
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
