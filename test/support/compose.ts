import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'
import { credentialNames } from '../../deploy/store/setup.ts'
import { accessShape } from '../../services/access/config.ts'
import { type Field, type Shape, storeShape, text } from '../../services/foundation/config.ts'
import { ingestShape } from '../../services/ingest/config.ts'
import { parts } from '../../workers/parts.ts'
import { sequencerShape } from '../../workers/sequencer-config.ts'
import { sharedShape } from '../../workers/shared-shape.ts'

// Compares docker-compose.yml with what the services of ours read: their settings, their parts, their secrets.

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

export interface ComposeService {
  command?: string[]
  environment?: Record<string, string>
  secrets?: string[]
  healthcheck?: { disable?: boolean }
}

export interface Compose {
  services: Record<string, ComposeService>
  secrets: Record<string, unknown>
}

/** docker-compose.yml with its anchors and merges resolved, variables as they stand. */
export function readCompose(): Compose {
  return parse(read('docker-compose.yml'), { merge: true, maxAliasCount: -1 })
}

/** The settings of .env, as .env.example shows them. */
export const exampleSettings: Readonly<Record<string, string | undefined>> = parseEnv(read('.env.example'))

/** Servers of others, with settings of their own. */
const foreign = ['postgres', 'redis', 'primary', 'backup-a', 'backup-b']

/** Settings that docker-compose.yml leaves at their default. Every other one is given, the optional ones included. */
const leftAtDefault = [
  ...['STORE_BUCKET_ORIGINALS', 'STORE_BUCKET_DERIVED', 'STORE_BUCKET_TAILS'],
  ...['STORE_PRIMARY_REGION', 'STORE_BACKUP_A_REGION', 'STORE_BACKUP_B_REGION'],
  ...['REDIS_PREFIX', 'DATABASE_CONNECTIONS_MAX', 'LOCK_FIRST_DAYS', 'PACKAGE_VERIFIER_DIR'],
  ...['UPLOAD_BYTES_MAX', 'FOOTAGE_BYTES_MAX', 'UPLOAD_IDLE_DAYS', 'DIGEST_WAIT_MINUTES'],
  ...['SESSION_IDLE_MS', 'SESSION_TOTAL_MS', 'SIGN_IN_FAILURES_MAX', 'SIGN_IN_LOCK_OUT_MS'],
  ...['ACCESS_REQUESTS_PER_MINUTE_MAX', 'ACCESS_SIGN_INS_PER_MINUTE_MAX'],
]

const settings = (...variables: string[]): Shape =>
  Object.fromEntries(variables.map((variable) => [variable, text(variable)]))

/** deploy/store/setup.ts */
const setupShape = settings(
  ...['STORE_NAME', 'STORE_ENDPOINT', 'STORE_ROOT_ACCESS_KEY', 'STORE_ROOT_SECRET_KEY'],
  ...credentialNames.flatMap((name) => [`${name.toUpperCase()}_ACCESS_KEY`, `${name.toUpperCase()}_SECRET_KEY`]),
)

const shapes: Readonly<Record<string, Shape>> = {
  'primary-setup': setupShape,
  'backup-a-setup': setupShape,
  'backup-b-setup': setupShape,
  migrate: settings('DATABASE_URL'),
  // services/cli: each command reads some of them.
  custody: {
    stores: storeShape,
    ...settings('DATABASE_URL', 'LEDGER_ORIGIN', 'LEDGER_POLICY'),
    ...settings('LEDGER_VERIFIER_KEY', 'LEDGER_VRF_PUBLIC_KEY', 'LEDGER_VRF_KEY'),
  },
  ingest: ingestShape,
  access: accessShape,
  sequencer: sequencerShape,
}

/** The services that run the product's own code. */
export function ownServices({ services }: Compose): [name: string, service: ComposeService][] {
  return Object.entries(services).filter(([name]) => !foreign.includes(name))
}

/** The parts that a service runs; none when it is not a process of the workers. */
export function partsOf({ command = [] }: ComposeService): string[] {
  const at = command.indexOf('workers/main.ts')
  return at < 0 ? [] : command.slice(at + 1)
}

/** What is wrong with the parts, settings and secrets of the services; none when all is right. */
export function problemsOf(compose: Compose): string[] {
  const own = ownServices(compose)
  return [
    ...problemsOfParts(own.flatMap(([, service]) => partsOf(service))),
    ...own.flatMap(([name, service]) =>
      [...problemsOfSettings(service, shapeOf(name, service)), ...problemsOfSecrets(service, compose)].map(
        (problem) => `${name}: ${problem}`,
      ),
    ),
  ]
}

function problemsOfParts(named: readonly string[]): string[] {
  const known: readonly string[] = parts.map(({ name }) => name)
  const times = (part: string) => named.filter((name) => name === part).length
  return [
    ...named.filter((name) => !known.includes(name)).map((name) => `no part is called ${name}`),
    ...known.filter((name) => times(name) !== 1).map((name) => `the part ${name} runs in ${times(name)} services`),
  ]
}

function shapeOf(name: string, service: ComposeService): Shape {
  const run = partsOf(service)
  if (run.length === 0) return shapes[name] ?? {}
  const own = parts.filter((part) => run.includes(part.name)).map((part) => [part.name, part.shape] as const)
  return { shared: sharedShape, ...Object.fromEntries(own) }
}

function fieldsOf(shape: Shape): Field<unknown>[] {
  return Object.values(shape).flatMap((entry) => (isField(entry) ? [entry] : fieldsOf(entry)))
}

function isField(entry: Field<unknown> | Shape): entry is Field<unknown> {
  return typeof entry.read === 'function'
}

function problemsOfSettings(service: ComposeService, shape: Shape): string[] {
  const given = service.environment ?? {}
  const fields = fieldsOf(shape).filter(({ variable }) => !leftAtDefault.includes(variable))
  const known = new Set(fields.map(({ variable }) => variable))
  // Read by deploy/health.mjs.
  if (!service.healthcheck?.disable) known.add('HEALTH_URL')
  const settingOf = (name: string) => (known.has(name) ? name : name.replace(/_FILE$/, ''))
  const names = Object.keys(given)
  const missing = [...known].filter((variable) => !names.some((name) => settingOf(name) === variable))
  return [
    ...missing.map((variable) => `${variable} is not given`),
    ...names.filter((name) => !known.has(settingOf(name))).map((name) => `${name} is not a setting of this service`),
    ...fields.flatMap((field) => problemsOfValue(field, given[field.variable] ?? '')),
  ]
}

/** As .env.example fills it in; what it leaves empty the bureau must fill in. */
function problemsOfValue(field: Field<unknown>, value: string): readonly string[] {
  const filled = value.replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_, name: string, otherwise = '') => {
    return exampleSettings[name] || (value.includes(':?') ? '' : otherwise)
  })
  if (filled === '') return []
  const reading = field.read({ [field.variable]: filled })
  return 'problems' in reading ? reading.problems : []
}

/** Each secret that a setting names is mounted, and nothing else is. */
function problemsOfSecrets({ environment = {}, secrets = [] }: ComposeService, compose: Compose): string[] {
  const named = new Set(Object.values(environment).flatMap((value) => /^\/run\/secrets\/(\w+)$/.exec(value)?.[1] ?? []))
  return [
    ...[...named].filter((name) => !secrets.includes(name)).map((name) => `the secret ${name} is not mounted`),
    ...secrets
      .filter((name) => !named.has(name))
      .map((name) => `the secret ${name} is mounted, and no setting names it`),
    ...secrets.filter((name) => !(name in compose.secrets)).map((name) => `the secret ${name} is not declared`),
  ]
}
