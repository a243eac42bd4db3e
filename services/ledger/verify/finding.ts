/**
 * Every fault that a log, and the events of a case in it, can show, in the order of DESIGN.md §7, which says exactly what
 * each means. Whoever verifies a case, online or from a package, uses these codes and adds its own for the rest.
 */
export const ledgerCodes = [
  'checkpoint_malformed',
  'checkpoint_origin',
  'checkpoint_signature',
  'tile_missing',
  'bundle_malformed',
  'leaf_differs',
  'root_differs',
  'tile_differs',
  'leaf_malformed',
  'subject_twice',
  'secret_differs',
  'event_twice',
  'body_differs',
  'salt_differs',
  'index_differs',
  'body_malformed',
  'order_differs',
  'link_missing',
  'number_twice',
  'number_missing',
  'event_missing',
  'last_event_missing',
  'subject_missing',
  'subject_extra',
  'event_extra',
  'loose_extra',
  'event_repeated',
  'statement_differs',
] as const
export type LedgerCode = (typeof ledgerCodes)[number]

export interface LedgerFinding {
  readonly code: LedgerCode
  /** `checkpoint`, the path of a tile, `leaf 17`, what the caller calls an event, or a subject (`type:id`). */
  readonly where: string
  /** Details for experts, in English; empty when the code says it all. */
  readonly what: string
}
