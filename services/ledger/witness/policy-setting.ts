import { type Field, text } from '../../foundation/config.ts'
import { Fault } from '../../foundation/errors.ts'
import { originOf, type Policy, parsePolicy } from '../format/policy.ts'

/**
 * A setting that holds the text of a c2sp.org/tlog-policy, or in `<variable>_FILE` the path of a file that does. As
 * `optional(policySetting('LEDGER_POLICY'))` it is null for a log without witnesses. The newline after the last line may be
 * left out.
 */
export function policySetting(variable: string): Field<Policy> {
  return {
    variable,
    read(env) {
      const reading = text(variable).read(env)
      if ('problems' in reading) return reading
      try {
        return { value: parsePolicy(reading.value.endsWith('\n') ? reading.value : `${reading.value}\n`) }
      } catch (error) {
        return { problems: [`${variable}: ${error instanceof Error ? error.message : String(error)}`] }
      }
    },
  }
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
  throw new Fault('bad_config', `LEDGER_POLICY: is for ${[...names].join(', ')}, but LEDGER_ORIGIN is ${origin}`)
}
