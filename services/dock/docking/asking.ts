import { askCondition } from './condition.ts'
import type { StationDeps } from './deps.ts'
import type { Session } from './session.ts'

/** How often a device that is charged is asked for its battery and clock. */
const conditionMs = 5 * 60_000

/**
 * Asks every device that only charges, again and again. One that has not answered yet is not asked once more.
 *
 * @param sessions everything that is docked at that moment
 * @returns ends it
 */
export function startAsking(deps: Pick<StationDeps, 'log'>, sessions: () => Iterable<Session>): () => void {
  const asked = new Set<Session>()
  const ask = async (session: Session) => {
    asked.add(session)
    await askCondition(deps, session).finally(() => asked.delete(session))
  }
  const timer = setInterval(() => {
    for (const session of sessions()) if (session.stage === 'released' && !asked.has(session)) void ask(session)
  }, conditionMs)
  return () => clearInterval(timer)
}
