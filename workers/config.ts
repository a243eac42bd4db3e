import { configFault, type Environment, readConfig } from '../services/foundation/config.ts'
import { Fault, isFault } from '../services/foundation/errors.ts'
import type { ConfiguredPart, Part } from './part.ts'
import { parts } from './parts.ts'
import { type SharedConfig, sharedShape } from './shared-shape.ts'

export interface WorkersConfig {
  readonly shared: SharedConfig
  /** What to run, each part with its settings. */
  readonly parts: readonly ConfiguredPart[]
}

/**
 * Reads what to run (no names: everything) and the settings for it.
 *
 * @throws bad_config for an unknown part; else one that names every problem of the settings of all chosen parts
 */
export function readWorkersConfig(names: readonly string[], env: Environment): WorkersConfig {
  const chosen = chosenParts(names)
  const problems = new Set<string>()
  const shared = readOrCollect(problems, () => readConfig(env, sharedShape))
  const configured = chosen.flatMap((part) => readOrCollect(problems, () => part.configure(env)) ?? [])
  if (shared === null || problems.size > 0) throw configFault([...problems])
  return { shared, parts: configured }
}

function chosenParts(names: readonly string[]): readonly Part[] {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name))
  if (unknown.length > 0) {
    const known = parts.map(({ name }) => name).join(', ')
    throw new Fault('bad_config', `workers: no part is called ${unknown.join(', ')}; there are ${known}`)
  }
  return names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name))
}

/** Parts share settings, so what is wrong with one is collected once. */
function readOrCollect<T>(problems: Set<string>, read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (!isFault(error, 'bad_config')) throw error
    for (const problem of problemsOf(error)) problems.add(problem)
    return null
  }
}

function problemsOf({ details, message }: Fault): readonly string[] {
  return Array.isArray(details.problems) ? details.problems : [message]
}
