import { databaseFault } from '../db/failures.ts'
import { isFault } from '../errors.ts'

/**
 * What a service cannot do without now, as /readyz shows it: the name of each check that failed, and why. Anyone may ask,
 * so only our own faults are quoted: a driver's words name users, hosts and ports.
 */
export async function whatIsMissing(
  checks: Readonly<Record<string, Promise<unknown>>>,
): Promise<Record<string, string>> {
  const names = Object.keys(checks)
  const results = await Promise.allSettled(Object.values(checks))
  const missing: Record<string, string> = {}
  for (const [index, result] of results.entries()) {
    if (result.status === 'rejected') missing[names[index]!] = reasonOf(result.reason)
  }
  return missing
}

function reasonOf(error: unknown): string {
  const fault = databaseFault(error) ?? error
  return isFault(fault) ? fault.message : 'does not answer as it should'
}
