import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { inventoryPrefix } from '../../foundation/store/keys.ts'
import { type Act, actsOfCredential } from './acts.ts'
import type { JudgedRead } from './reported-read.ts'
import { getObject } from './store-report.ts'
import type { Target } from './target.ts'

export type Explanation = { readonly act: string } | { readonly act: null; readonly why: string }

/**
 * Prefixes of the originals' bucket that hold no footage (`ledger/`: commitments, and events encrypted for the bureau's
 * recovery key; `inventory/`: what each file holds, which whoever may know of a recording may ask for), and whose work
 * they are.
 */
const ownPrefixes: Readonly<Record<string, string>> = {
  access: inventoryPrefix,
  canary: 'canary/',
  archive: 'ledger/',
  sequencer: 'ledger/',
  auditor: 'ledger/',
}

/**
 * Finds the act in the ledger or the job rows that a read belongs to: by the credential's work, the object, and the time;
 * and with room left for its bytes, so that an act explains no more than it needed. Reads that were explained before must
 * be on their rows.
 */
export async function explain(db: Db, read: JudgedRead, target: Target): Promise<Explanation> {
  if (read.api !== getObject) return { act: null, why: `the call ${read.api} is none of ours` }
  const prefix = ownPrefixes[read.credential]
  if (prefix && read.bucket === 'originals' && read.object_key.startsWith(prefix))
    return { act: `own_prefix:${prefix}` }
  if (target.kind === 'unknown') return { act: null, why: 'no row knows this object' }
  const acts = await actsOfCredential(db, read, target)
  if (acts.length === 0) return { act: null, why: `nothing that ${read.credential} was to do then reads it` }
  for (const act of acts) if (await hasRoom(db, read, act)) return { act: act.name }
  return { act: null, why: 'more bytes were read than what was to be done needs' }
}

async function hasRoom(db: Db, read: JudgedRead, act: Act): Promise<boolean> {
  const used = await db
    .selectFrom('store_read')
    .where('explained_by', '=', act.name)
    .where('store', '=', read.store)
    .where('object_key', '=', read.object_key)
    .select([
      (select) => select.fn.coalesce(select.fn.sum<number>('bytes'), sql<number>`0`).as('bytes'),
      (select) => select.fn.countAll<number>().as('reads'),
    ])
    .executeTakeFirstOrThrow()
  // Empty objects are counted by their reads; everything else by bytes, for a read may be cut and begun again.
  return act.bytesMax === 0 ? Number(used.reads) < 8 : Number(used.bytes) + read.bytes <= act.bytesMax
}
