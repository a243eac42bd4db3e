import type { Db, Trx } from '../../foundation/db/database.ts'
import type { Actor } from '../events/actor.ts'
import type { RecordedEvent } from '../events/record.ts'
import type { SameSeat } from '../events/signature.ts'
import { settingValue } from '../settings/value.ts'

/** Where a person acts from: the address and the browser of his sign-in. */
export interface Seat {
  readonly address: string
  /** SHA-256 of the mark that the browser keeps; null for the command line. */
  readonly browserMark: Buffer | null
}

/** Whoever acts, with his seat when he is signed in. */
export interface Signer extends Actor {
  readonly seat?: Seat | null
}

/** Whose signatures are compared: those who could sign for one another if one of them had the other's password. */
const controlRoles: readonly string[] = ['supervisor', 'auditor', 'custodian', 'custodian_waiting', 'administrator']

interface Earlier {
  readonly person_id: string
  readonly acted_at: Date
  readonly address: string
  readonly browser_mark: Buffer | null
}

/**
 * Whether another person with an office acted on this matter from the same seat within `signature.same_seat_minutes`
 * before: from one browser, or else from one address; of several the last one. The signature counts all the same, and its
 * event says so (同机签署).
 *
 * Behind one router, or a reverse proxy on another machine, everybody has one address: then every such act is marked, which
 * is what the rule says. A loopback address is that of a reverse proxy on this machine and says nothing about people: it
 * counts only when `signature.loopback_is_a_seat` is set.
 *
 * @param matterIds id of the event that put the matter up, and of what led to it
 */
export async function sameSeatOf(
  trx: Trx,
  signer: Signer,
  matterIds: readonly string[],
  now: Date,
): Promise<SameSeat | null> {
  const { seat } = signer
  if (!seat || !controlRoles.includes(signer.role)) return null
  const minutes = await settingValue(trx, 'signature.same_seat_minutes', now)
  if (minutes === 0) return null
  const earlier = await trx
    .selectFrom('act_seat')
    .where('matter_id', 'in', matterIds)
    .where('person_id', '<>', signer.id)
    .where('acted_at', '>=', new Date(now.getTime() - minutes * 60_000))
    .select(['person_id', 'acted_at', 'address', 'browser_mark'])
    .orderBy('acted_at', 'desc')
    .execute()
  const isAddress = await addressCounts(trx, seat.address, now)
  const byBrowser = earlier.find((one) => seat.browserMark !== null && one.browser_mark?.equals(seat.browserMark))
  const byAddress = earlier.find((one) => isAddress && plainAddress(one.address) === plainAddress(seat.address))
  if (byBrowser) return markOf(byBrowser, 'browser', now)
  return byAddress ? markOf(byAddress, 'address', now) : null
}

/** Keeps where an act was made from, in the transaction of its event, for those who act on the same matter later. */
export async function keepSeat(
  trx: Trx,
  signer: Signer,
  act: { event: RecordedEvent; matterId: string; sameSeat: SameSeat | null },
): Promise<void> {
  if (!signer.seat || !controlRoles.includes(signer.role)) return
  await trx
    .insertInto('act_seat')
    .values({
      event_id: act.event.id,
      matter_id: act.matterId,
      person_id: signer.id,
      acted_at: act.event.at,
      address: signer.seat.address,
      browser_mark: signer.seat.browserMark,
      same_person_id: act.sameSeat?.with ?? null,
    })
    .execute()
}

/** Keeps the seat of whoever puts a matter up for signature. */
export function keepProposersSeat(trx: Trx, signer: Signer, event: RecordedEvent): Promise<void> {
  return keepSeat(trx, signer, { event, matterId: event.id, sameSeat: null })
}

function markOf(earlier: Earlier, by: SameSeat['by'], now: Date): SameSeat {
  const minutesApart = Math.max(1, Math.ceil((now.getTime() - earlier.acted_at.getTime()) / 60_000))
  return { with: earlier.person_id, by, minutesApart }
}

async function addressCounts(db: Db, address: string, at: Date): Promise<boolean> {
  if (!isLoopback(plainAddress(address))) return true
  return settingValue(db, 'signature.loopback_is_a_seat', at)
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** An IPv4 address as it is written without IPv6 around it (RFC 4291 §2.5.5.2). */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
}
