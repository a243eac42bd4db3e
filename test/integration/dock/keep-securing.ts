import { newestPublished } from '../../../services/ledger/log/witnessed.ts'
import { hex } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import { witnessNow } from '../receipts/place.ts'
import type { ReceiptPlace } from './cleared-place.ts'

/** A bureau at work: what docks hand in gets its three copies, and, while the witness is there, witnessed receipts. */
export interface Securing {
  /** Bytes that may be handed in. Nobody copies what is not `allowed` yet. */
  expect(bytes: Buffer, options?: { readonly isAllowed: boolean }): void
  allow(bytes: readonly Buffer[]): void
  isWitnessThere: boolean
}

interface Test {
  teardown(end: () => unknown): unknown
}

const turnMs = 200
/** Signed events rest in the bureau until a batch is made of them: its clock is moved so that no test waits for that. */
const clockStepMs = 10_000

/** @param options.movesClock false where the test says what time it is */
export function keepSecuring(
  t: Test,
  { place }: Pick<ReceiptPlace, 'place'>,
  options: { readonly movesClock: boolean } = { movesClock: true },
): Securing {
  const { world } = place.archive
  const waiting = new Map<string, Buffer>()
  const held = new Map<string, Buffer>()
  const securing: Securing = {
    isWitnessThere: true,
    expect: (bytes, { isAllowed } = { isAllowed: true }) => void (isAllowed ? waiting : held).set(hex(bytes), bytes),
    allow: (all) => {
      for (const bytes of all) {
        held.delete(hex(bytes))
        waiting.set(hex(bytes), bytes)
      }
    },
  }
  const turn = async () => {
    if (options.movesClock) world.clock.advance(clockStepMs)
    const rows = await world.db
      .selectFrom('upload')
      .where('state', '=', 'sealed')
      .where('recording_id', 'is not', null)
      .select(['sha256', 'recording_id'])
      .execute()
    for (const { sha256, recording_id } of rows) {
      const bytes = waiting.get(sha256!.toString('hex'))
      if (!bytes) continue
      waiting.delete(hex(bytes))
      await copyAndVerify(world, recording_id!, bytes)
    }
    if (securing.isWitnessThere && (await newestPublished(world.db))) await witnessNow(place)
  }
  let isOver = false
  const loop = async () => {
    while (!isOver) {
      await turn()
      await new Promise((resolve) => setTimeout(resolve, turnMs))
    }
  }
  const ended = loop()
  t.teardown(async () => {
    isOver = true
    await ended
  })
  return securing
}
