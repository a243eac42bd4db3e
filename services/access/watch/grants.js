// The film that a viewing was granted, and asking for more of it.

import { request } from './request.js'

/** What passes by itself: the next renewal may be answered again. */
const passing = new Set(['ledger_behind', 'store_down', 'database_down', 'too_many_requests', 'offline'])
/** A lease lives for 60 s. */
const leaseMsMax = 45_000

/** @param onGranted (toMs) after each renewal */
export function openGrants(viewing, onGranted) {
  const ranges = [{ fromMs: 0, toMs: viewing.grantedToMs }]
  let renewedAt = performance.now()
  let renewing = null

  function covers(fromMs, toMs) {
    let reached = fromMs
    for (const range of ranges.toSorted((one, other) => one.fromMs - other.fromMs)) {
      if (range.fromMs <= reached) reached = Math.max(reached, range.toMs)
    }
    return reached >= toMs
  }

  /** One at a time: who asks in between waits for the one that is under way. */
  function renew(positionMs) {
    renewing ??= request('POST', `/viewings/${viewing.viewingId}/renewals`, { positionMs: Math.floor(positionMs) })
      .then((renewal) => {
        renewedAt = performance.now()
        ranges.push({ fromMs: renewal.grantedFromMs, toMs: renewal.grantedToMs })
        onGranted(renewal.grantedToMs)
      })
      .finally(() => {
        renewing = null
      })
    return renewing
  }

  return {
    covers,
    renew,
    sinceMs: () => performance.now() - renewedAt,
    /** Resolves when all of a piece is granted, or when only the server can say why it is not. */
    async cover({ fromMs, toMs }, positionMs) {
      if (renewing && !covers(fromMs, toMs)) await renewing
      for (const at of [positionMs, fromMs]) {
        if (covers(fromMs, toMs)) return
        await renew(at)
      }
    },
    /** Whether a renewal that failed may be asked for again. */
    mayPass: ({ code }) => passing.has(code) && performance.now() - renewedAt < leaseMsMax,
  }
}
