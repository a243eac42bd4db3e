import { type RawBuilder, sql } from 'kysely'

/** Of which device a hand-in is now, of the row `hand_in` of a query: the newest confirmed correction's, else what its dock signed. */
export const deviceNow = sql<string>`coalesce((
  select correction.device_serial from hand_in_correction as correction
  where correction.hand_in_id = hand_in.id and correction.confirmed and correction.device_serial is not null
  order by correction.decided_at desc limit 1), hand_in.device_serial)`

/**
 * Whether the row `hand_in` of a query is this device's now. What its dock signed is asked by the index, corrections are few.
 *
 * @param serial a serial, or a column of the query
 */
export function isOfDevice(serial: string | RawBuilder<string>): RawBuilder<boolean> {
  return sql<boolean>`((hand_in.device_serial = ${serial} or hand_in.id = any(array(
    select correction.hand_in_id from hand_in_correction as correction
    where correction.confirmed and correction.device_serial = ${serial})))
    and ${deviceNow} = ${serial})`
}
