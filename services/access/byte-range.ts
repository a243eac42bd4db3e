import { Fault } from '../foundation/errors.ts'

export interface ByteRange {
  readonly start: number
  /** The last byte, included. */
  readonly end: number
}

/**
 * What a request asks of a file of `bytes` bytes: one range (RFC 9110 §14.1.2), or null for the whole. "A server MAY ignore
 * the Range header field": several ranges, other units and what is spelled wrongly get the whole; and so does a range whose
 * If-Range names another file (§13.1.5: the strong comparison).
 *
 * @throws range_not_satisfiable when no byte of the range is there
 */
export function rangeOf(headers: { range?: string; ifRange?: string }, bytes: number, etag: string): ByteRange | null {
  const { range, ifRange } = headers
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return null
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(range) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  // "bytes=-500": the last 500.
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  if (start > end) {
    throw new Fault('range_not_satisfiable', `the file has ${bytes} bytes: there is none in the range asked for`, {
      details: { bytes },
    })
  }
  return { start, end }
}
