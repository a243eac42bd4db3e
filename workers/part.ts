import type { Registry } from 'prom-client'
import { type ConfigOf, type Environment, readConfig, type Shape } from '../services/foundation/config.ts'
import type { Notices } from '../services/foundation/db/notices.ts'
import type { Stores } from '../services/foundation/store/store.ts'
import type { RunDeps } from './run.ts'
import type { SharedConfig } from './shared-shape.ts'

/** A part of a workers process that is running. */
export interface RunningPart {
  /** Why it cannot do its work now, by what is missing; {} when it can. */
  ready(): Record<string, string>
  /** What somebody should look at although it works; {} or absent when there is nothing. */
  warnings?(): Promise<Record<string, string>>
  close(): Promise<void>
}

export interface PartDeps extends RunDeps {
  readonly notices: Notices
  readonly stores: Stores
  readonly config: SharedConfig
  /** Of this process: a part adds its own metrics. */
  readonly registry: Registry
}

/** A part whose settings were read. */
export interface ConfiguredPart {
  readonly name: string
  start(deps: PartDeps): Promise<RunningPart>
}

/** One kind of work that a workers process can be told to do. */
export interface Part<Name extends string = string> {
  /** As on the command line of workers/main.ts. */
  readonly name: Name
  /** Its settings, besides those that all parts share. */
  readonly shape: Shape
  /** Reads its settings. @throws bad_config naming every problem */
  configure(env: Environment): ConfiguredPart
}

interface PartDefinition<Name extends string, S extends Shape> {
  readonly name: Name
  readonly shape: S
  /** What no single setting can tell, such as two that contradict each other. @throws bad_config */
  check?(settings: ConfigOf<S>): void
  start(deps: PartDeps, settings: ConfigOf<S>): RunningPart | Promise<RunningPart>
}

/** Defines a part: `start` is given exactly the settings that `shape` describes. */
export function part<const Name extends string, S extends Shape>(definition: PartDefinition<Name, S>): Part<Name> {
  const { name, shape } = definition
  return {
    name,
    shape,
    configure(env) {
      const settings = readConfig(env, shape)
      definition.check?.(settings)
      return { name, start: async (deps) => definition.start(deps, settings) }
    },
  }
}
