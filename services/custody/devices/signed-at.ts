import type { HandInHead } from '../../ledger/format/hand-in-list.ts'

/**
 * When a dock signed a list, in milliseconds: what it kept while it was offline came later than it was handed in. When the list came
 * where its head does not say. Pure.
 */
export function signedAtMs({ head, opened_at }: { readonly head: Buffer; readonly opened_at: Date }): number {
  const saidMs = Date.parse((JSON.parse(head.toString('utf8')) as HandInHead).openedAt)
  return Number.isNaN(saidMs) ? opened_at.getTime() : saidMs
}
