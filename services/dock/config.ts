import type { KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { configFault } from '../foundation/config.ts'
import { isFault } from '../foundation/errors.ts'
import { logLevels } from '../foundation/log.ts'
import { mayOthersRead, namesPath } from '../foundation/platform.ts'
import { parseLogKeys } from '../ledger/format/log-keys.ts'
import { parsePolicy } from '../ledger/format/policy.ts'
import type { ReceiptTrust } from './receipts/check.ts'
import { SourceSettings } from './sources/open-sources.ts'
import { workFolderProblems } from './sources/own-folders.ts'
import { readSigningKey } from './station/signing-key.ts'

const closed = { additionalProperties: false }
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const File = Type.String({ minLength: 1, description: 'a path, beside the configuration unless it is absolute' })
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

/** The station's configuration: one JSON file. Secrets stand in files of their own, and no member here is one. */
export const DockConfig = Type.Object(
  {
    station: Type.Object(
      { name: Type.String({ minLength: 1, maxLength: 60 }), slots: Type.Integer({ minimum: 1, maximum: 60 }) },
      closed,
    ),
    server: Type.Object(
      {
        origin: Type.String({
          pattern: '^https?://[^/]+$',
          description: "the bureau's ingest, without a slash at its end",
        }),
        caFile: orNull(File),
        patienceMs: Type.Integer({ minimum: 100, maximum: 600_000, default: 10_000 }),
      },
      closed,
    ),
    keyFile: Type.String({ minLength: 1, description: 'Ed25519, PKCS#8 PEM' }),
    tokenFile: File,
    secretsFile: Type.Optional(
      Type.String({
        minLength: 1,
        description: "JSON: what vendors' programs ask for, by the names in their profiles",
      }),
    ),
    trust: Type.Object({ logKeysFile: File, policyFile: File }, closed),
    spool: Type.Object(
      {
        folder: File,
        bytesMax: Type.Integer({ minimum: 1024 * 1024 }),
        ageIdentityFile: File,
        recoveryRecipient: Type.String({ pattern: '^age1[02-9ac-hj-np-z]{58}$' }),
      },
      closed,
    ),
    uploads: Type.Object(
      {
        max: Type.Integer({ minimum: 1, maximum: 60 }),
        bytesPerSecond: orNull(Type.Integer({ minimum: 64 * 1024 })),
      },
      closed,
    ),
    screen: Type.Object(
      {
        port: Type.Integer({ minimum: 0, maximum: 65_535 }),
        sounds: Type.Boolean(),
        quietFrom: orNull(TimeOfDay),
        quietTo: orNull(TimeOfDay),
        printer: orNull(Type.Array(Type.String(), { minItems: 1, description: 'the command that prints a page' })),
      },
      closed,
    ),
    slip: Type.Object(
      {
        bureau: Type.String({
          minLength: 1,
          maxLength: 60,
          description: "the bureau's name, first line of every slip",
        }),
        form: Type.Enum(['roll', 'a4']),
        checkAddress: Type.String({ pattern: '^https?://', description: 'page that checks a receipt, on every slip' }),
      },
      closed,
    ),
    profileFolders: Type.Array(File, { description: "the bureau's own vendor profiles, beside those that come along" }),
    sources: Type.Array(SourceSettings, { minItems: 1, maxItems: 16 }),
    log: Type.Enum([...logLevels]),
  },
  closed,
)
export type DockConfig = Static<typeof DockConfig>

/** A configuration with what its files hold. */
export interface LoadedConfig {
  readonly config: DockConfig
  readonly signingKey: KeyObject
  /** Read anew each time: a token is replaced without a restart. */
  readonly token: () => string
  readonly trust: ReceiptTrust
  readonly ageIdentity: string
  /** What vendors' programs ask for, by name. */
  readonly secrets: ReadonlyMap<string, string>
}

/**
 * Reads a configuration file and every file that it names. `credentialsDirectory`: where systemd hands out what the unit
 * names. `given`: the key, when it was opened otherwise.
 *
 * @throws bad_config that names all problems at once; contents of secret files are never in it
 */
export function loadConfig(
  path: string,
  credentialsDirectory: string | null,
  given: KeyObject | null = null,
): LoadedConfig {
  const config = readConfigFile(path)
  const problems: string[] = []
  const read = <T>(member: string, file: string, parse: (text: string) => T, isSecret = false): T | null => {
    try {
      if (isSecret && mayOthersRead(statSync(file).mode, process.platform)) {
        problems.push(`${member}: ${file}: others than its owner may read it: chmod 600`)
        return null
      }
      return parse(readFileSync(file, 'utf8').trim())
    } catch (error) {
      const isAbsent = error instanceof Error && 'code' in error && 'syscall' in error
      const reason =
        isSecret && !isAbsent ? 'it is not what it should be' : String(error instanceof Error ? error.message : error)
      problems.push(`${member}: ${file}: ${reason}`)
      return null
    }
  }
  const signingKey = given ?? readKey(config.keyFile, credentialsDirectory, problems)
  read('tokenFile', config.tokenFile, requireText, true)
  const ageIdentity = read('spool.ageIdentityFile', config.spool.ageIdentityFile, ageIdentityIn, true)
  const { secretsFile } = config
  const secrets =
    secretsFile === undefined ? new Map<string, string>() : read('secretsFile', secretsFile, secretsIn, true)
  const log = read('trust.logKeysFile', config.trust.logKeysFile, parseLogKeys)
  const policy = read('trust.policyFile', config.trust.policyFile, (text) => parsePolicy(`${text}\n`))
  if (config.server.caFile !== null) read('server.caFile', config.server.caFile, requireText)
  if (!signingKey || !ageIdentity || !secrets || !log || !policy || problems.length > 0) throw configFault(problems)
  return {
    config,
    signingKey,
    token: () => readFileSync(config.tokenFile, 'utf8').trim(),
    trust: { log, policy },
    ageIdentity,
    secrets,
  }
}

/** The configuration with whole paths, without what its files hold. @throws bad_config */
export function readConfigFile(path: string): DockConfig {
  let value: unknown
  try {
    value = Value.Default(DockConfig, JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw configFault([`${path}: ${error instanceof Error ? error.message : String(error)}`])
  }
  if (!Value.Check(DockConfig, value)) {
    const problems = Value.Errors(DockConfig, value).map(
      ({ instancePath, message }) => `${nameOf(instancePath)}: ${message}`,
    )
    throw configFault([...new Set(problems)])
  }
  requireSafeLine(value.server.origin)
  const config = withPaths(value, dirname(resolve(path)))
  const problems = workFolderProblems(config.sources, config.spool.folder, process.platform)
  if (problems.length > 0) throw configFault(problems.map((problem) => `sources: ${problem}`))
  return config
}

/** Without TLS the token and the footage would be open to whoever listens; on this computer itself nobody does. */
function requireSafeLine(origin: string): void {
  const { protocol, hostname } = new URL(origin)
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
  if (protocol === 'http:' && !isLoopback) {
    throw configFault([`server.origin: ${origin}: https only, but for this computer itself`])
  }
}

const nameOf = (pointer: string) => pointer.slice(1).replaceAll('/', '.') || 'the file'

function withPaths(config: DockConfig, folder: string): DockConfig {
  const at = (path: string) => resolve(folder, path)
  const { server, trust, spool } = config
  return {
    ...config,
    // A name without a slash is a credential of the unit (station/signing-key.ts).
    keyFile: namesPath(config.keyFile, process.platform) ? at(config.keyFile) : config.keyFile,
    profileFolders: config.profileFolders.map(at),
    tokenFile: at(config.tokenFile),
    ...(config.secretsFile === undefined ? {} : { secretsFile: at(config.secretsFile) }),
    server: { ...server, caFile: server.caFile === null ? null : at(server.caFile) },
    trust: { logKeysFile: at(trust.logKeysFile), policyFile: at(trust.policyFile) },
    spool: { ...spool, folder: at(spool.folder), ageIdentityFile: at(spool.ageIdentityFile) },
  }
}

function readKey(file: string, credentialsDirectory: string | null, problems: string[]): KeyObject | null {
  try {
    return readSigningKey(file, credentialsDirectory)
  } catch (error) {
    if (!isFault(error, 'bad_config')) throw error
    problems.push(`keyFile: ${error.message}`)
    return null
  }
}

function requireText(text: string): string {
  if (text === '') throw new Error('it is empty')
  return text
}

/** As `age-keygen` writes it: comments are let be. */
function ageIdentityIn(text: string): string {
  const line = text.split('\n').find((one) => one.startsWith('AGE-SECRET-KEY-1'))
  if (!line) throw new Error('there is no identity')
  return line.trim()
}

function secretsIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(Value.Parse(Type.Record(Type.String(), Type.String({ minLength: 1 })), JSON.parse(text))),
  )
}
