import type { StationDeps } from '../docking/deps.ts'
import { Away, Refused } from '../ingest/client.ts'
import type { ClearingRecord } from '../spool/records.ts'

/** With these a line is not asked for again in this docking: waiting changes nothing. The others only came too early. */
const lastingRefusals = new Set([
  'not_on_list',
  'kept_by_setting',
  'not_sealed',
  'quarantined',
  'damaged',
  'digest_differs',
  'other_receipt',
  'cleared',
])

/**
 * These end by what the background does in its next turns: the end of a clearing is told, a witnessed receipt is fetched. Not
 * where the bureau refused to hear that end, nor where its receipt does not hold by the station's own policy: whoever asks
 * again waits longer each time.
 */
const soonOver = new Set(['announced', 'is_witnessed'])

/** The bureau wants something else of the station first. Nothing of this clearing is kept: it is made anew. */
export class TooSoon extends Away {}

/**
 * Announces a clearing, also one that an earlier run had announced: the bureau judges each line by what holds now. Lines that
 * it refuses by name are left out, and the others announced as a clearing of their own.
 *
 * @param fullPercent how full the device is
 * @returns what may be carried out: the clearing, or the rest of it; null when nothing may be removed
 * @throws TooSoon when the bureau has not heard of the end of an earlier clearing, or a witnessed receipt is to be fetched first;
 *   Away
 */
export async function announce(
  deps: StationDeps,
  clearing: ClearingRecord,
  fullPercent: number,
): Promise<ClearingRecord | null> {
  for (let asked = clearing; ; ) {
    const refused = await announceOnce(deps, asked, fullPercent)
    if (refused === null) return asked
    // What was announced before, or stands there since an answer that was lost, is ended by that name; another run asks anew.
    if (asked.state === 'announced') return null
    const whys = [...refused.values()]
    if (whys.length > 0 && whys.every((why) => soonOver.has(why))) {
      await deps.clearings.forget(asked)
      throw new TooSoon('an earlier clearing is not closed there yet, or the files are witnessed by now')
    }
    const files = asked.files.filter(({ number }) => !refused.has(number))
    if (files.length === 0 || files.length === asked.files.length) return null
    asked = { ...asked, id: deps.newId(), state: 'intended', files }
    await deps.clearings.intend(asked)
  }
}

/**
 * Asks once.
 *
 * @param fullPercent null when the device is not there
 * @returns null when it is announced, else why lines were refused, by number; empty when the whole was @throws Away
 */
export async function announceOnce(
  deps: StationDeps,
  clearing: ClearingRecord,
  fullPercent: number | null,
): Promise<ReadonlyMap<number, string> | null> {
  const handIn = deps.book.byId(clearing.handIn)
  const files = clearing.files.map(({ outcome: _, ...file }) => file)
  try {
    const path = `/hand-ins/${handIn?.serverId}/clearings`
    const json = { id: clearing.id, fullPercent, ...(clearing.by && { by: clearing.by }), files }
    const { text } = await deps.ingest.ask({ method: 'POST', path, json })
    await deps.clearings.announced(clearing, (JSON.parse(text) as { id: string }).id)
    deps.onStep('clearing_announced')
    return null
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const refused = refusedLines(error)
    const { code, message: reason } = error
    deps.log.error({ clearing: clearing.id, code, reason, lines: [...refused] }, 'a clearing was refused')
    await keepRefusals(deps, clearing, refused)
    const standing = standingThere(error)
    if (standing !== null) await deps.clearings.announced(clearing, standing)
    else if (clearing.state !== 'announced') await deps.clearings.refused(clearing)
    return refused
  }
}

/** The clearing by this id that the bureau has announced and not closed: its lines go by no other one before. */
function standingThere({ details }: Refused): string | null {
  const { clearingId, endedAt = null } = details
  return typeof clearingId === 'string' && endedAt === null ? clearingId : null
}

function refusedLines({ details }: Refused): ReadonlyMap<number, string> {
  const files: readonly unknown[] = Array.isArray(details.files) ? details.files : []
  return new Map(
    files.flatMap((file) => {
      const { number, why } = (file ?? {}) as { number?: unknown; why?: unknown }
      return typeof number === 'number' ? [[number, String(why)] as const] : []
    }),
  )
}

/** These stay on the device in this docking; that a copy is damaged is for people. */
async function keepRefusals(
  deps: StationDeps,
  clearing: ClearingRecord,
  refused: ReadonlyMap<number, string>,
): Promise<void> {
  const handIn = deps.book.byId(clearing.handIn)
  if (!handIn) return
  const changes = clearing.files.flatMap(({ number, outcome }) => {
    const [why, file] = [refused.get(number), handIn.files[number]]
    const isHere = outcome === 'waiting' || outcome === 'removing'
    if (why === undefined || !file || !isHere || !lastingRefusals.has(why)) return []
    return [{ file, change: { cleared: 'failed' as const, ...(why === 'damaged' && { receiptReason: 'damaged' }) } }]
  })
  if (changes.length > 0) await deps.book.saveFiles(handIn, changes)
}
