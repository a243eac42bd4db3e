// What the bureau knows after the shift end: asked of `access` as the custodian asks it, and compared with what was played.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../../services/foundation/errors.ts'
import type { ApiSession } from './api.ts'
import type { DockedFile } from './dock-client.ts'
import type { Incident } from './incidents.ts'
import type { Docked } from './wall.ts'

const waitMsMax = 120_000

interface ListedGap {
  readonly deviceSerial: string
  readonly kind: string
  readonly state: string
}

interface ListedHandIn {
  readonly id: string
  readonly deviceSerial: string
}

/**
 * Looks whether gap, bad file and cut cable have come to what is right, and who is still missing.
 *
 * @throws unproven when the bureau knows it otherwise
 */
export async function lookAfterwards(
  custodian: ApiSession,
  docked: readonly Docked[],
  rostered: readonly { serial: string; holder: string }[],
): Promise<Incident[]> {
  const canPull = docked.some(({ volume }) => volume !== null)
  const by = (plays: string) => docked.find(({ device }) => device.plays === plays)!.device
  await untilGap(custodian, { deviceSerial: by('gap').serial, kind: 'number', state: 'explained' })
  const found: Incident[] = []
  if (canPull) {
    await untilGap(custodian, { deviceSerial: by('bad_file').serial, kind: 'not_read', state: 'open' })
    found.push({
      serial: by('bad_file').serial,
      happened: 'bad file: 1 of 2 could not be read; the other is in, and a gap waits for the officer’s word',
    })
    await requireWhole(custodian, by('cut_cable').files[0]!)
  }
  const handedIn = new Set((await handIns(custodian)).map(({ deviceSerial }) => deviceSerial))
  const missing = rostered.filter(({ serial }) => !handedIn.has(serial))
  if (missing.length !== rostered.length - docked.length) {
    throw new Fault(
      'unproven',
      `${missing.length} devices of the roster handed nothing in: ${docked.length} were docked`,
    )
  }
  for (const { serial, holder } of missing) {
    const happened = `never handed in: on the roster of ${holder}; 应交未交 when 24 hours have passed since the shift`
    found.push({ serial, happened })
  }
  return found
}

async function untilGap(custodian: ApiSession, wanted: ListedGap): Promise<void> {
  const endMs = Date.now() + waitMsMax
  for (;;) {
    const { gaps } = await custodian.request<{ gaps: ListedGap[] }>('GET', `/gaps?deviceSerial=${wanted.deviceSerial}`)
    if (gaps.some(({ kind, state }) => kind === wanted.kind && state === wanted.state)) return
    if (Date.now() > endMs) throw new Fault('unproven', `the bureau knows of no gap ${JSON.stringify(wanted)}`)
    await delay(500)
  }
}

/** @throws unproven unless the device has one list, whose file is sealed with the digest of what is on this machine's disk */
async function requireWhole(custodian: ApiSession, { path, serial }: DockedFile): Promise<void> {
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  const ids = (await handIns(custodian)).filter(({ deviceSerial }) => deviceSerial === serial).map(({ id }) => id)
  const { listed } = await custodian.request<{ listed: { sha256: string; state: string }[] }>(
    'GET',
    `/hand-ins/${ids[0]}`,
  )
  const isWhole = listed.length === 1 && listed[0]!.state === 'sealed' && listed[0]!.sha256 === sha256
  if (ids.length === 1 && isWhole) return
  throw new Fault('unproven', `${serial}: the file that was cut off did not arrive once and whole`)
}

async function handIns(custodian: ApiSession): Promise<ListedHandIn[]> {
  return (await custodian.request<{ handIns: ListedHandIn[] }>('GET', '/hand-ins?limit=200')).handIns
}
