// Prepares one store: three buckets, one policy and one credential per service. Safe to run again: what is there stays,
// keys and policies are set anew. The local stack calls setUpStore; docker-compose.yml runs this file:
//
//   STORE_NAME               primary | backup-a | backup-b
//   STORE_ENDPOINT           http(s)://host:port
//   STORE_ROOT_ACCESS_KEY, STORE_ROOT_SECRET_KEY   the server's own administrator
//   <CREDENTIAL>_ACCESS_KEY, <CREDENTIAL>_SECRET_KEY   of INGEST ACCESS WORKER TRANSCODE SEQUENCER ARCHIVE PACKAGE CANARY
//                            DISPOSAL AUDITOR; one whose keys are not given is not made
//   STORE_BUCKET_ORIGINALS, _DERIVED, _TAILS   names; default originals, derived, tails
//
// Each key may come from a file: NAME_FILE.

import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'minio'
import { Fault } from '../../services/foundation/errors.ts'
import { zipOf } from './archive.ts'

export const credentialNames = [
  'ingest',
  'access',
  'worker',
  'transcode',
  'sequencer',
  'archive',
  'package',
  'canary',
  'disposal',
  'auditor',
] as const
export type CredentialName = (typeof credentialNames)[number]

export interface StoreSetup {
  readonly name: 'primary' | 'backup-a' | 'backup-b'
  readonly endpoint: string
  readonly root: { readonly accessKey: string; readonly secretKey: string }
  readonly credentials: Partial<Record<CredentialName, { readonly accessKey: string; readonly secretKey: string }>>
  readonly buckets: { readonly originals: string; readonly derived: string; readonly tails: string }
}

const region = 'us-east-1'
const secretLengthMin = 20
const patienceMs = 60_000

/**
 * Makes buckets, policies and credentials. Throws Fault: `not_locked` when the bucket of originals exists without
 * Object Lock (it can only be switched on when a bucket is made), `store_down` when the server does not answer.
 */
export async function setUpStore(setup: StoreSetup): Promise<void> {
  const client = clientOf(setup)
  await untilItAnswers(client, setup)
  const { originals, derived, tails } = setup.buckets
  await Promise.all([
    makeBucket(client, originals, true).then(() => requireLock(client, originals)),
    makeBucket(client, derived, false).then(() => client.setBucketVersioning(derived, { Status: 'Enabled' })),
    makeBucket(client, tails, false),
  ])
  await importCredentials(client, setup)
}

function clientOf({ endpoint, root }: StoreSetup): Client {
  const url = new URL(endpoint)
  const useSSL = url.protocol === 'https:'
  const port = Number(url.port || (useSSL ? 443 : 80))
  return new Client({ endPoint: url.hostname, port, useSSL, region, ...root })
}

async function untilItAnswers(client: Client, setup: StoreSetup): Promise<void> {
  const deadlineMs = Date.now() + patienceMs
  for (;;) {
    try {
      await client.listBuckets()
      return
    } catch (cause) {
      const code = (cause as { code?: string }).code ?? ''
      // a server that is just starting says so; wrong keys do not become right by waiting
      if (['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AccessDenied'].includes(code) || Date.now() > deadlineMs) {
        throw new Fault('store_down', `${setup.name} at ${setup.endpoint} does not let its administrator in`, { cause })
      }
      await wait(100)
    }
  }
}

async function makeBucket(client: Client, name: string, objectLocking: boolean): Promise<void> {
  if (await client.bucketExists(name)) return
  // Object Lock brings versioning with it. No default retention: each version gets its own.
  await client.makeBucket(name, region, { ObjectLocking: objectLocking })
}

async function requireLock(client: Client, bucket: string): Promise<void> {
  try {
    await client.getObjectLockConfig(bucket)
  } catch (cause) {
    throw new Fault('not_locked', `bucket ${bucket} exists without Object Lock: a new bucket is needed`, { cause })
  }
}

/** MinIO's own administration, not S3: policies, users and which user has which policy, in one archive. */
async function importCredentials(client: Client, setup: StoreSetup): Promise<void> {
  const policies: Record<string, unknown> = {}
  const users: Record<string, unknown> = {}
  const mappings: Record<string, unknown> = {}
  for (const [name, keys] of Object.entries(setup.credentials) as [
    CredentialName,
    { accessKey: string; secretKey: string },
  ][]) {
    const policy = policyText(name, setup.name)
    if (policy === undefined) continue
    if (keys.secretKey.length < secretLengthMin) {
      throw new Fault('bad_config', `the secret key of ${name} has fewer than ${secretLengthMin} characters`)
    }
    policies[`custody-${name}`] = JSON.parse(policy)
    users[keys.accessKey] = { secretKey: keys.secretKey, status: 'enabled' }
    mappings[keys.accessKey] = { version: 1, policy: `custody-${name}`, updatedAt: new Date().toISOString() }
  }
  const archive = zipOf({
    'iam-assets/policies.json': JSON.stringify(policies),
    'iam-assets/users.json': JSON.stringify(users),
    'iam-assets/user_mappings.json': JSON.stringify(mappings),
  })
  // The address is /minio/admin/v3/import-iam-v2, signed like any request to a bucket.
  const request = { method: 'PUT', bucketName: 'minio', objectName: 'admin/v3/import-iam-v2' } as const
  const headers = { 'content-length': String(archive.length), 'content-type': 'application/zip' }
  try {
    const answer = await client.makeRequestAsync({ ...request, headers }, archive, [200], region)
    await requireNothingFailed(answer, setup.name)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('store_down', `${setup.name} did not take its credentials`, { cause })
  }
}

async function requireNothingFailed(answer: AsyncIterable<Buffer>, store: string): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const report = JSON.parse(Buffer.concat(chunks).toString()) as { failed?: Record<string, unknown[] | null> }
  const failed = Object.entries(report.failed ?? {}).filter(([, entries]) => (entries?.length ?? 0) > 0)
  if (failed.length > 0)
    throw new Fault('store_down', `${store} did not take its ${failed.map(([kind]) => kind).join(', ')}`)
}

function policyText(credential: CredentialName, store: StoreSetup['name']): string | undefined {
  const kind = store === 'primary' ? 'primary' : 'backup'
  try {
    return readFileSync(new URL(`policies/${credential}.${kind}.json`, import.meta.url), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function setupFromEnvironment(env: NodeJS.ProcessEnv): StoreSetup {
  const value = (name: string) =>
    env[name] || (env[`${name}_FILE`] ? readFileSync(env[`${name}_FILE`]!, 'utf8').trim() : '')
  const need = (name: string) => value(name) || fail(`${name} (or ${name}_FILE) is missing`)
  const name = need('STORE_NAME')
  if (name !== 'primary' && name !== 'backup-a' && name !== 'backup-b') {
    return fail(`STORE_NAME must be primary, backup-a or backup-b, not ${name}`)
  }
  const credentials: StoreSetup['credentials'] = {}
  for (const credential of credentialNames) {
    const prefix = credential.toUpperCase()
    if (!value(`${prefix}_ACCESS_KEY`)) continue
    credentials[credential] = { accessKey: value(`${prefix}_ACCESS_KEY`), secretKey: need(`${prefix}_SECRET_KEY`) }
  }
  return {
    name,
    endpoint: need('STORE_ENDPOINT'),
    root: { accessKey: need('STORE_ROOT_ACCESS_KEY'), secretKey: need('STORE_ROOT_SECRET_KEY') },
    credentials,
    buckets: {
      originals: value('STORE_BUCKET_ORIGINALS') || 'originals',
      derived: value('STORE_BUCKET_DERIVED') || 'derived',
      tails: value('STORE_BUCKET_TAILS') || 'tails',
    },
  }
}

function fail(message: string): never {
  throw new Fault('bad_config', message)
}

if (import.meta.main) {
  try {
    const setup = setupFromEnvironment(process.env)
    await setUpStore(setup)
    process.stdout.write(`${setup.name}: buckets and ${Object.keys(setup.credentials).length} credentials are set\n`)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
    process.stderr.write(`store setup: ${error.message}${cause}\n`)
    process.exitCode = 1
  }
}
