/** The one word of a card. `unread`: somebody said that it is no device, and may say otherwise. */
export const slotWords = [
  'empty',
  'asking',
  'unread',
  'reading',
  'uploading',
  'checking',
  'copying',
  'provisional',
  'ready',
  'charging',
  'attention',
  'taken',
] as const
export type SlotWord = (typeof slotWords)[number]

/** Why a card asks for a person. The screen has a sentence for each: what is wrong, and what to do. */
export const attentionWords = [
  'unknown_volume',
  'two_devices_one_serial',
  'file_unreadable',
  'pulled_out',
  'spool_full',
  'refused_by_server',
  'quarantined',
  'digest_differs',
  'changed_after_list',
  'copy_damaged',
  'receipt_wrong',
  'not_in_service',
  'volume_damaged',
  'unlock_failed',
  'card_to_seal',
  'clear_failed',
  'read_from_memory',
  'files_not_listed',
  'post_refused',
] as const
export type AttentionWord = (typeof attentionWords)[number]
