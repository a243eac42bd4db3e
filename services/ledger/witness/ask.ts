import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { consistencyProof } from '../format/merkle.ts'
import { splitNote } from '../format/note.ts'
import { unproven } from '../format/strict.ts'
import { type AddCheckpoint, type Cosignature, judgeAnswer, missingKinds } from '../format/witness-protocol.ts'
import type { Witness } from '../format/witnesses.ts'
import { newestCheckpointSize } from '../log/newest-checkpoint.ts'
import { consistencyReader } from '../log/sequence/stored-tiles.ts'
import type { WitnessClient } from './client.ts'

/** A published checkpoint as it is sent out. */
export interface Submission {
  readonly size: number
  readonly note: string
}

/** Once with what we know, once with what it answered; a third time when another loop of ours was faster. */
const attemptsMax = 3

/**
 * Asks a witness for its cosignatures on a published checkpoint, beginning from `lastSize`, which it cosigned last as far as
 * we know. On "409 Conflict" it asks again from the size that the witness names. Null when the witness has meanwhile
 * cosigned a newer checkpoint of ours.
 *
 * @throws log_forked when the witness has cosigned a tree that we do not have; unproven when a signature of one of its keys is missing or does not count;
 *   else as WitnessClient
 */
export async function askWitness(
  deps: { readonly db: Db; readonly client: WitnessClient },
  witness: Witness,
  submission: Submission,
  options: { lastSize: number; nowSeconds: number; signal: AbortSignal },
): Promise<readonly Cosignature[] | null> {
  let oldSize = Math.min(options.lastSize, submission.size)
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const request = await addCheckpointFrom(deps.db, oldSize, submission)
    const answer = await deps.client.addCheckpoint(request, options.signal)
    if (answer.kind === 'cosigned') return cosignaturesIn(answer.lines, witness, submission, options.nowSeconds)
    await requireOwn(deps.db, answer.size)
    if (answer.size > submission.size) return null
    oldSize = answer.size
  }
  throw new Fault('not_ready', `the witness answered ${attemptsMax} times that it stands at another size`)
}

/** The request that leads a witness from `oldSize` to a published checkpoint. @throws log_forked when a tile is missing */
export async function addCheckpointFrom(db: Db, oldSize: number, submission: Submission): Promise<AddCheckpoint> {
  // "If the old size is zero, the consistency proof MUST be empty"
  const read = await consistencyReader(db, oldSize, submission.size)
  return { oldSize, proof: consistencyProof(oldSize, submission.size, read), note: submission.note }
}

function cosignaturesIn(lines: string, witness: Witness, submission: Submission, nowSeconds: number) {
  const { text } = splitNote(submission.note)
  const { cosignatures, ignored } = judgeAnswer(lines, text, witness.keys, nowSeconds)
  const missing = missingKinds(witness.keys, cosignatures)
  if (missing === null) return cosignatures
  throw unproven(
    `the witness answered without its ${missing} signature, or with one that does not count: ${ignored.join('; ').slice(0, 500)}`,
  )
}

/** A witness sees only what was published: a larger tree than ours means that ours was put back. */
async function requireOwn(db: Db, size: number): Promise<void> {
  const ownSize = await newestCheckpointSize(db)
  if (size <= ownSize) return
  throw new Fault(
    'log_forked',
    `the witness has cosigned a tree of ${size} events, but this database holds ${ownSize}: it was put back to an earlier state; see "restored database" in deploy/RUNBOOK.md`,
  )
}
