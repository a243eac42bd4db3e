import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import type { Actor } from '../events/actor.ts'
import type { EventKind } from '../events/kinds.ts'
import { detailsOf } from '../events/read.ts'
import { recordEvent } from '../events/record.ts'

/** What a ledger begins with: its name and the keys that verify it. */
export interface AnnouncedKeys {
  readonly origin: string
  readonly verifierKeys: readonly string[]
  readonly vrfPublicKey: string
}

/**
 * Records the ledger's own keys as its first entry: whoever reads it from the start sees with which keys it began. Does
 * nothing when they were recorded before.
 */
export async function recordLedgerSetup(trx: Trx, clock: Clock, actor: Actor, keys: AnnouncedKeys): Promise<void> {
  const { origin, verifierKeys, vrfPublicKey } = keys
  const known = await trx
    .selectFrom('event')
    .where('kind', '=', 'ledger.setup' satisfies EventKind)
    .select('body')
    .execute()
  const isKnown = known.some(({ body }) => {
    const event = bodyOrNull(body)
    const details = event && detailsOf('ledger.setup', event)
    return verifierKeys.every((key) => details?.verifierKeys.includes(key))
  })
  if (isKnown) return
  await recordEvent(trx, 'ledger.setup', {
    clock,
    by: actor,
    subjects: [{ type: 'ledger', id: origin }],
    details: { origin, verifierKeys: [...verifierKeys], vrfPublicKey },
  })
}
