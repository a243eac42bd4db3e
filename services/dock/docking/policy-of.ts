import type { Register } from '../ingest/register.ts'
import type { ClearingPolicy } from '../screen/schemas.ts'
import type { Session } from './session.ts'

/** What becomes of the files on a device, by its kind; nothing goes from one that is not ours. */
export function policyOf(
  register: Register | null,
  { isForeign, device }: Pick<Session, 'isForeign' | 'device'>,
): ClearingPolicy {
  if (isForeign || device === null) return 'keep'
  return register?.settings.clearing[device.kind] ?? 'keep'
}

export const clearsByPolicy = (policy: ClearingPolicy) => policy === 'clear' || policy === 'ask'

/**
 * 留存原卡: everything of a device is in, and nobody has said yet under which seal its card is kept. It may be taken out for
 * that: who keeps it can still be said then.
 */
export function waitsForSeal(
  register: Register | null,
  session: Pick<Session, 'isForeign' | 'device' | 'settledMs' | 'handIn' | 'keptCard'>,
): boolean {
  const { settledMs, handIn, keptCard } = session
  if (settledMs === null || handIn === null || keptCard !== null) return false
  return policyOf(register, session) === 'seal_card'
}
