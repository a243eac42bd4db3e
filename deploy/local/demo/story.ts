// What the demo does with the running product: hand footage in, wait until it is secured, file it, watch it, check it.

import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../../services/foundation/errors.ts'
import type { System } from '../system.ts'
import { type ApiSession, signIn } from './api.ts'
import { type DockedFile, type DockIdentity, handIn, type UploadState, untilJudged } from './dock-client.ts'
import { type Advance, step } from './progress.ts'
import { type Watched, watchRecording } from './watch.ts'

const settleMsMax = 600_000

export interface RecordingView {
  readonly id: string
  readonly state: string
  readonly rendition?: {
    state: string
    kind: string | null
    method?: string | null
    durationMs?: number | null
    reason: string | null
  } | null
  readonly [field: string]: unknown
}

export interface HandedIn {
  readonly file: DockedFile
  readonly uploadId: string
  readonly result: UploadState
}

/** The administrator registers a dock with a key pair of its own, whose private half never leaves it; the supervisor releases it. */
export async function registerDock(
  administrator: ApiSession,
  supervisor: ApiSession,
): Promise<DockIdentity & { privateKeyPem: string }> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const dock = await administrator.request<{ id: string; token: string }>('POST', '/docks', {
    name: '一大队采集站',
    publicKey: raw.toString('base64'),
  })
  await supervisor.request('POST', `/docks/${dock.id}/release`)
  const privateKeyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return { ...dock, signingKey: createPrivateKey(privateKeyPem), privateKeyPem }
}

/** Docks every device's files, four devices at a time. */
export async function dockEverything(
  system: System,
  dock: DockIdentity,
  files: readonly DockedFile[],
  advance: Advance,
): Promise<HandedIn[]> {
  const bySerial = Map.groupBy(files, (file) => file.serial)
  const waiting = [...bySerial]
  const handed: HandedIn[] = []
  let sent = 0
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [serial, own] = next
      const ids = await handIn(system.ingest, dock, serial, own, (bytes) => {
        sent += bytes
        advance(sent)
      })
      for (const [index, uploadId] of ids.entries()) {
        handed.push({ file: own[index]!, uploadId, result: await untilJudged(system.ingest, dock, uploadId) })
      }
    }
  }
  await Promise.all(Array.from({ length: 4 }, lane))
  return handed
}

/** Waits until every recording has three equal copies and a rendition (or the reason why there is none). */
export async function waitUntilSecured(
  custodian: ApiSession,
  recordingIds: readonly string[],
  advance: Advance,
): Promise<RecordingView[]> {
  const deadline = Date.now() + settleMsMax
  for (;;) {
    const views = await Promise.all(
      recordingIds.map((id) => custodian.request<RecordingView>('GET', `/recordings/${id}`)),
    )
    const settled = views.filter(
      (view) => view.state === 'secured' && ['ready', 'not_playable'].includes(view.rendition?.state ?? ''),
    )
    advance(settled.length)
    if (settled.length === views.length) return views
    if (Date.now() > deadline) {
      throw new Fault(
        'not_ready',
        `${views.length - settled.length} recordings are not secured after ${settleMsMax / 1000} s`,
      )
    }
    await delay(300)
  }
}

/** Opens a party, a case in it, and files every recording under 调查取证. Returns the case's number. */
export async function openCase(
  officer: ApiSession,
  custodian: ApiSession,
  recordingIds: readonly string[],
): Promise<{ id: string; number: string }> {
  const people = await custodian.request<{ people: { id: string; role: string }[] }>('GET', '/people')
  const officerIds = people.people.filter(({ role }) => role === 'officer').map(({ id }) => id)
  const party = await officer.request<{ id: string }>('POST', '/parties', {
    kind: 'shop',
    name: '镇东街便民超市',
    address: '镇东街 18 号',
  })
  const opened = await officer.request<{ id: string; number: string }>('POST', '/cases', {
    number: '综执检〔2026〕0231号',
    kind: 'inspection',
    title: '便民超市占道经营检查',
    partyId: party.id,
    departments: ['综合执法局'],
    officerIds,
  })
  for (const id of recordingIds) {
    await custodian.request('POST', `/recordings/${id}/cases`, {
      caseId: opened.id,
      stage: 'investigation',
      officerIds,
    })
  }
  return opened
}

/** The custodian watches the first seconds of up to `countMax` playable recordings, whole leases like a player's. */
export async function watchSome(
  custodian: ApiSession,
  recordings: readonly RecordingView[],
  countMax: number,
): Promise<Map<string, Watched>> {
  const playable = recordings.filter((view) => view.rendition?.state === 'ready' && view.rendition.kind !== 'still')
  const watched = new Map<string, Watched>()
  await step(
    'the custodian watches recordings; each viewing is in the ledger before its first byte',
    countMax,
    async (advance) => {
      for (const view of playable.slice(0, countMax)) {
        watched.set(view.id, await watchRecording(custodian, view.id, '核查当日执法过程', 20))
        advance(watched.size)
      }
    },
  )
  return watched
}

/** Signs everybody in and changes each first password; returns the sessions and the new passwords by account. */
export async function signEverybodyIn(
  access: string,
  first: readonly { account: string; password: string }[],
  newPassword: () => string,
): Promise<Map<string, { session: ApiSession; password: string }>> {
  const people = new Map<string, { session: ApiSession; password: string }>()
  for (const { account, password } of first) {
    const changed = newPassword()
    people.set(account, { session: await signIn(access, account, password, changed), password: changed })
  }
  return people
}
