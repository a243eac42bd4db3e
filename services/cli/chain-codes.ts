import type { LedgerCode } from '../ledger/verify/finding.ts'
import { codes } from '../verifier/codes.ts'
import type { Words } from '../verifier/words.ts'

/** What `custody chain` can find besides the faults of a ledger: what the service shows is not what it was asked for or proved. */
const ownCodes = {
  checkpoint_missing: { zh: '还没有已签名的存证节点', en: 'there is no signed checkpoint yet' },
  case_differs: { zh: '答复的不是所查的案件', en: 'the answer is about another case' },
  fields_differ: {
    zh: '所展示的事件内容与登记的正文不符',
    en: 'an event is shown with fields that its committed body does not have',
  },
  leaf_hash_differs: {
    zh: '所展示的条目哈希与流转日志不符',
    en: 'an event is shown with another leaf hash than its leaf has',
  },
  time_against_order: {
    zh: '事件时间早于其前条目的时间，超过五秒',
    en: 'an event is dated more than five seconds before one that has an earlier leaf',
  },
  event_unsequenced: {
    zh: '事件迟迟没有列入流转日志',
    en: 'an event has waited for its place in the ledger for too long',
  },
} as const satisfies Record<string, Words>

/** All but those of its own are the package verifier's, with the same meaning and the same words. */
export type ChainCode =
  | LedgerCode
  | 'hand_in_differs'
  | 'dock_digest_unsigned'
  | 'recording_differs'
  | keyof typeof ownCodes

/** A fault that this program found by itself. */
export interface VerifiedFinding {
  readonly by: 'verifier'
  readonly code: ChainCode
  readonly where: string
  readonly what: string
}

/** A finding, and who found it: the service on itself, by the codes of `custody fsck`, or this program from the tiles. */
export type ShownFinding =
  | VerifiedFinding
  | { readonly by: 'service'; readonly code: string; readonly where: string; readonly what: string }

/** What a code means, for people. */
export function codeWords(code: ChainCode): Words {
  return code in ownCodes
    ? ownCodes[code as keyof typeof ownCodes]
    : codes[code as Exclude<ChainCode, keyof typeof ownCodes>].what
}
