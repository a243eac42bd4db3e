import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { inspect } from 'node:util'
import { Fault } from './errors.ts'

/** Environment variables, as a main file hands them in. */
export type Environment = Readonly<Record<string, string | undefined>>

type Reading<T> = { readonly value: T } | { readonly problems: readonly string[] }

/** One setting: knows its variable's name and how to read it. */
export interface Field<T> {
  readonly variable: string
  read(env: Environment): Reading<T>
}

/** Settings by name; groups may nest. */
export type Shape = { readonly [name: string]: Field<unknown> | Shape }

/** The configuration that a shape describes. */
export type ConfigOf<S> = { readonly [K in keyof S]: S[K] extends Field<infer T> ? T : ConfigOf<S[K]> }

/** A value that must not be printed: JSON, inspect and string conversion show `[secret]`. */
export interface Secret {
  reveal(): string
}

/**
 * Reads every setting of `shape` from `env`.
 *
 * @throws bad_config that names all problems at once, one a line, with values of secrets left out.
 */
export function readConfig<S extends Shape>(env: Environment, shape: S): ConfigOf<S> {
  const reading = readShape(env, shape)
  if ('problems' in reading) throw configFault(reading.problems)
  return reading.value as ConfigOf<S>
}

/** The error for a configuration that cannot be used; `details.problems` has them one by one. */
export function configFault(problems: readonly string[]): Fault {
  const message = `the configuration has ${problems.length} problem(s):\n${problems.join('\n')}`
  return new Fault('bad_config', message, { details: { problems } })
}

function readShape(env: Environment, shape: Shape): Reading<Record<string, unknown>> {
  const value: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, entry] of Object.entries(shape)) {
    const reading = isField(entry) ? entry.read(env) : readShape(env, entry)
    if ('problems' in reading) problems.push(...reading.problems)
    else value[name] = reading.value
  }
  return problems.length > 0 ? { problems } : { value }
}

function isField(entry: Field<unknown> | Shape): entry is Field<unknown> {
  return typeof entry.read === 'function'
}

/** Wraps a text so that it is not printed by accident. */
export function makeSecret(text: string): Secret {
  const hidden = () => '[secret]'
  return Object.freeze({ reveal: () => text, toJSON: hidden, toString: hidden, [inspect.custom]: hidden })
}

/** Any text. `fallback` is taken when the variable is absent or empty. */
export function text(variable: string, options: { fallback?: string } = {}): Field<string> {
  return field(variable, (raw) => ({ value: raw }), options)
}

/** A whole number within `min`..`max`, both included. */
export function integer(variable: string, options: { min: number; max: number; fallback?: number }): Field<number> {
  return field<number>(
    variable,
    (raw) => {
      const value = /^-?\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN
      if (value >= options.min && value <= options.max) return { value }
      return { problems: [`${variable}: not a whole number of ${options.min}..${options.max}: '${raw}'`] }
    },
    options,
  )
}

/** An absolute address with one of `protocols` (default http and https), without a slash at its end. */
export function url(
  variable: string,
  options: { protocols?: readonly string[]; fallback?: string } = {},
): Field<string> {
  return field(variable, (raw) => readUrl(variable, raw, options.protocols, `: '${raw}'`), options)
}

/** An address that holds a password: checked like `url`, kept like `secret`. */
export function secretUrl(variable: string, options: { protocols: readonly string[] }): Field<Secret> {
  return field(variable, (raw) => {
    const reading = readUrl(variable, raw, options.protocols, '')
    return 'value' in reading ? { value: makeSecret(reading.value) } : reading
  })
}

/** Where a server listens: `host:port`, `[::1]:port` or `:port` (every interface). Port 0 asks for a free one. */
export function listenAddress(
  variable: string,
  options: { fallback?: { host: string; port: number } } = {},
): Field<{ host: string; port: number }> {
  return field<{ host: string; port: number }>(
    variable,
    (raw) => {
      const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(raw)
      const port = Number(match?.[3])
      const host = match?.[1] ?? match?.[2] ?? ''
      const isBadIpv6 = match?.[1] !== undefined && isIP(match[1]) !== 6
      if (!match || port > 65_535 || isBadIpv6) return { problems: [`${variable}: not host:port: '${raw}'`] }
      return { value: { host: host === '' ? '::' : host, port } }
    },
    options,
  )
}

/** A text that is never printed. */
export function secret(variable: string): Field<Secret> {
  return field(variable, (raw) => ({ value: makeSecret(raw) }))
}

/** One of the words given. */
export function choice<const T extends string>(
  variable: string,
  words: readonly T[],
  options: { fallback?: NoInfer<T> } = {},
): Field<T> {
  return field<T>(
    variable,
    (raw) => {
      const value = words.find((word) => word === raw)
      return value ? { value } : { problems: [`${variable}: not one of ${words.join(', ')}: '${raw}'`] }
    },
    options,
  )
}

/** A recipient of age files (c2sp.org/age, X25519): `age1` and 58 more letters. What else stands there may be a secret. */
export function ageRecipient(variable: string): Field<string> {
  return field<string>(variable, (raw) =>
    /^age1[02-9ac-hj-np-z]{58}$/.test(raw)
      ? { value: raw }
      : { problems: [`${variable}: not a recipient of age files (age1…)`] },
  )
}

/** The same setting, null when its variable is absent. What is present must still be right. */
export function optional<T>(inner: Field<T>): Field<T | null> {
  return {
    variable: inner.variable,
    read: (env) => (isAbsent(env, inner.variable) ? { value: null } : inner.read(env)),
  }
}

function field<T>(variable: string, parse: (raw: string) => Reading<T>, options: { fallback?: T } = {}): Field<T> {
  return {
    variable,
    read(env) {
      const raw = readRaw(env, variable)
      if ('problems' in raw) return raw
      if (raw.value !== null) return parse(raw.value)
      if (options.fallback !== undefined) return { value: options.fallback }
      return { problems: [`${variable}: missing (or give a file's path in ${variable}_FILE)`] }
    },
  }
}

function isAbsent(env: Environment, variable: string): boolean {
  return !env[variable] && !env[`${variable}_FILE`]
}

/** The variable's text, else the text of the file that `<variable>_FILE` names, without its last line break. */
function readRaw(env: Environment, variable: string): Reading<string | null> {
  const direct = env[variable]
  if (direct) return { value: direct }
  const path = env[`${variable}_FILE`]
  if (!path) return { value: null }
  try {
    const content = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    return content === '' ? { problems: [`${variable}_FILE: the file is empty: ${path}`] } : { value: content }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { problems: [`${variable}_FILE: cannot be read: ${reason}`] }
  }
}

function readUrl(
  variable: string,
  raw: string,
  protocols: readonly string[] = ['http', 'https'],
  shown: string,
): Reading<string> {
  const parsed = URL.canParse(raw) ? new URL(raw) : null
  if (parsed && protocols.includes(parsed.protocol.slice(0, -1))) return { value: raw.replace(/\/+$/, '') }
  return {
    problems: [`${variable}: not an address beginning with ${protocols.map((p) => `${p}://`).join(' or ')}${shown}`],
  }
}

const storeFields = <P extends string>(prefix: P) => ({
  endpoint: url(`${prefix}_ENDPOINT`),
  accessKey: secret(`${prefix}_ACCESS_KEY`),
  secretKey: secret(`${prefix}_SECRET_KEY`),
  hostName: text(`${prefix}_HOST_NAME`),
  region: text(`${prefix}_REGION`, { fallback: 'us-east-1' }),
})

/** The three stores and the names of their buckets, as every service that reads or writes footage is told of them. */
export const storeShape = {
  primary: storeFields('STORE_PRIMARY'),
  'backup-a': storeFields('STORE_BACKUP_A'),
  'backup-b': storeFields('STORE_BACKUP_B'),
  buckets: {
    originals: text('STORE_BUCKET_ORIGINALS', { fallback: 'originals' }),
    derived: text('STORE_BUCKET_DERIVED', { fallback: 'derived' }),
    tails: text('STORE_BUCKET_TAILS', { fallback: 'tails' }),
  },
}
export type StoresConfig = ConfigOf<typeof storeShape>

/** Reads the stores' settings alone. @throws bad_config */
export function readStores(env: Environment): StoresConfig {
  return readConfig(env, storeShape)
}
