import { type Field, optional, text } from '../foundation/config.ts'
import { Fault } from '../foundation/errors.ts'
import { originOf, type Policy, parsePolicy } from './policy.ts'

const variable = 'LEDGER_POLICY'
const written = optional(text(variable))

/**
 * The setting LEDGER_POLICY: the text of a c2sp.org/tlog-policy, or in LEDGER_POLICY_FILE the path of a file that holds it.
 * Null when it is absent: then the log has no witnesses. The newline after the last line may be left out.
 */
export const policySetting: Field<Policy | null> = {
  variable,
  read(env) {
    const reading = written.read(env)
    if ('problems' in reading) return reading
    if (reading.value === null) return { value: null }
    try {
      return { value: parsePolicy(reading.value.endsWith('\n') ? reading.value : `${reading.value}\n`) }
    } catch (error) {
      return { problems: [`${variable}: ${error instanceof Error ? error.message : String(error)}`] }
    }
  },
}

/**
 * A service that speaks for the log `origin` must not be told the policy of another one. A policy without `log` lines fits
 * every log.
 *
 * @throws bad_config
 */
export function requirePolicyOf(origin: string, policy: Policy | null): void {
  if (policy === null || policy.logKeys.length === 0) return
  const names = new Set(policy.logKeys.map((key) => key.name))
  if (names.size === 1 && originOf(policy) === origin) return
  throw new Fault('bad_config', `${variable}: is for ${[...names].join(', ')}, but LEDGER_ORIGIN is ${origin}`)
}
