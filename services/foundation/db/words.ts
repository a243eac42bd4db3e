// Every list of words that a column may hold, once. The migrations repeat them in check constraints, because a migration
// stands alone; a test compares the two.

/** The people of the bureau: 执法人员, 资料管理员, 法制办/审计管理员, 法制审核, 分管领导, 受委托领导, 系统管理员, 执法辅助人员. */
export const roles = [
  'officer',
  'custodian',
  'auditor',
  'legal_reviewer',
  'supervisor',
  'deputy',
  'administrator',
  'assistant',
] as const
/** The two offices that release accounts: 分管领导, 法制办. Each is named as the role of its people. */
export const offices = ['supervisor', 'auditor'] as const
export type Office = (typeof offices)[number]
/** Why an account has to be opened: it was made, or its password was reset. */
export const openingCauses = ['created', 'reset'] as const
export type OpeningCause = (typeof openingCauses)[number]
/** Who signs a hand-over between custodians, and as what. */
export const handoverParts = ['outgoing', 'incoming', 'supervisor', 'legal_office'] as const
export type HandoverPart = (typeof handoverParts)[number]

/** How far a deputyship is; one whose time is over stays `signed`, and `ended` is one that was ended early. */
export const deputyshipStates = ['named', 'signed', 'refused', 'ended'] as const
export type DeputyshipState = (typeof deputyshipStates)[number]

/** 执法记录仪, 录像机, 录音笔, 航拍器, and somebody's own telephone (本人手机), which is docked at a card desk only. */
export const deviceKinds = ['recorder', 'camera', 'audio_pen', 'drone', 'phone'] as const
export type DeviceKind = (typeof deviceKinds)[number]
/** 在用, 送修, 报废, 遗失, 借出. */
export const deviceStates = ['in_service', 'in_repair', 'retired', 'lost', 'lent'] as const
export type DeviceState = (typeof deviceStates)[number]

/** Acts that take a second person while files of the device have no receipt, or gaps of it are open. */
export const guardedDeviceActs = ['repair', 'retire', 'lend', 'lose'] as const
export type GuardedDeviceAct = (typeof guardedDeviceActs)[number]

/** What a dock says of its own time. */
export const dockClocks = ['proven', 'unproven', 'off'] as const
export type DockClock = (typeof dockClocks)[number]

/** On what a dock removes a file: a witnessed receipt; or, while witnesses are late, three verified copies and its spool. */
export const clearingBasisWords = ['witnessed', 'before_witness'] as const
export type ClearingBasis = (typeof clearingBasisWords)[number]
/** What a dock says became of a file that it announced. */
export const saidClearingOutcomes = ['cleared', 'gone', 'digest_differs', 'not_removed', 'kept'] as const
/** `outcome_unknown`: two people gave the clearing up, and the dock has not said since what became of the file. */
export const clearingOutcomes = [...saidClearingOutcomes, 'outcome_unknown'] as const
export type SaidClearingOutcome = (typeof saidClearingOutcomes)[number]
export type ClearingOutcome = (typeof clearingOutcomes)[number]

/**
 * How well it is known who used a device when it recorded (当班使用人): the person said so at the dock, the roster says so,
 * only the register of devices does, or nobody.
 */
export const userGrades = ['confirmed', 'roster', 'register', 'unknown'] as const
export type UserGrade = (typeof userGrades)[number]

/**
 * What is missing: a stretch of time or running numbers between files of a hand-in (中断), files of its list that never came,
 * or a whole hand-in of a device that was out by the roster (应交未交).
 */
export const gapKinds = ['time', 'number', 'not_read', 'missing_hand_in'] as const
export type GapKind = (typeof gapKinds)[number]
/** `explained` waits for the custodian; `returned` for a better explanation; of `withdrawn` nothing is missing any more. */
export const gapStates = ['open', 'explained', 'accepted', 'returned', 'withdrawn'] as const
export type GapState = (typeof gapStates)[number]
/** Why there is a gap, or why a device was not docked. */
export const gapReasons = [
  'battery',
  'storage_full',
  'device_fault',
  'asked_by_party',
  'operating_error',
  'clock',
  'not_used',
  'still_on_duty',
  'handed_in_elsewhere',
  'lost',
  'other',
] as const
export type GapReason = (typeof gapReasons)[number]
/** How somebody showed who he is: by the device in its slot, his work card or dock code at a dock, or his password. */
export const identityGrades = ['slot', 'card', 'code', 'password'] as const
export type IdentityGrade = (typeof identityGrades)[number]
/** What an officer says of files that he hands in: 与执法无关, 待编号事项. */
export const statementKinds = ['not_enforcement', 'no_number_yet'] as const
export type StatementKind = (typeof statementKinds)[number]
/** By what a person is known at a dock. */
export const dockPassMeans = ['card', 'code'] as const
export type DockPassMeans = (typeof dockPassMeans)[number]

export const uploadStates = [
  'receiving',
  'complete',
  'sealed',
  'quarantined',
  'duplicate',
  'terminated',
  'expired',
] as const

export const mediaKinds = ['video', 'audio', 'still', 'document', 'unknown'] as const
export type MediaKind = (typeof mediaKinds)[number]
export const recordingStates = ['sealed', 'secured', 'damaged'] as const
export const copyStates = ['stored', 'verified', 'damaged'] as const
/** Why footage waits for custodian and supervisor instead of being filed at once. */
export const quarantineReasons = ['digest_differs', 'unknown_device', 'retired_device', 'not_listed'] as const
export type QuarantineReason = (typeof quarantineReasons)[number]
/** `accept` makes it a recording like any other; `keep_apart` keeps it as it is, explained. Nothing is ever thrown away. */
export const quarantineOutcomes = ['accept', 'keep_apart'] as const
export type QuarantineOutcome = (typeof quarantineOutcomes)[number]

/**
 * `abandoned`: given up while it was made. `preview`: the first minute, shown until the rendition is ready; then
 * `preview_ended`, or `withdrawn` when the original turned out not to be the sealed bytes. `superseded`: what could not be
 * played, until two people supplied a film of it.
 */
export const renditionStates = [
  'running',
  'ready',
  'not_playable',
  'abandoned',
  'preview',
  'preview_ended',
  'withdrawn',
  'superseded',
] as const
export type RenditionState = (typeof renditionStates)[number]
/** The states of a recording's current rendition: it has one at most. */
export const currentRenditionStates = ['running', 'ready', 'not_playable'] as const satisfies readonly RenditionState[]
export type CurrentRenditionState = (typeof currentRenditionStates)[number]
/**
 * How far a film is that was made with the vendor's own player: `proposed` by the custodian, `refused` or confirmed by a
 * second person; then it is being made playable (`making`) until it is `ready` or `failed`. `expired`: nobody decided on it
 * in time, and its bytes are deleted.
 */
export const supplyStates = ['proposed', 'refused', 'making', 'ready', 'failed'] as const
export type SupplyState = (typeof supplyStates)[number]
export const renditionKinds = ['video', 'audio', 'still'] as const
export const renditionMethods = ['remux', 'transcode_sound', 'transcode', 'copy', 'supplied'] as const
export type RenditionMethod = (typeof renditionMethods)[number]
/** The files of a rendition; each is served, and counted, as what it is. */
export const renditionFileKinds = ['init', 'segment', 'thumbnail', 'still'] as const
/** What a file is that nothing playable is made of, as far as its first bytes say. */
export const notFootageKinds = [
  'empty',
  'zeros',
  'text',
  'playlist',
  'document',
  'archive',
  'program',
  'database',
  'disk_image',
  'camera_raw',
  'animated_picture',
  'still_without_tool',
  'still_not_decodable',
  'vendor_format',
  'encrypted',
  'unknown',
] as const
export type NotFootageKind = (typeof notFootageKinds)[number]
/** Why nothing of a recording can be played: it is no footage, or what is in it cannot be shown. */
export const whyNotPlayable = [...notFootageKinds, 'undecodable', 'beyond_limit', 'no_picture_or_sound'] as const
export type NotPlayableReason = (typeof whyNotPlayable)[number]

/** 一户: a household, shop, company or person that enforcement has to do with; its cases lie inside it. */
export const partyKinds = ['household', 'shop', 'company', 'person'] as const
export type PartyKind = (typeof partyKinds)[number]
/** 行政检查, 简易程序, 一般程序, 不予处罚. */
export const caseKinds = ['inspection', 'simple', 'general', 'no_penalty'] as const
export type CaseKind = (typeof caseKinds)[number]
/** 启动, 调查取证, 审核, 决定, 送达, 执行 (行政处罚法 第四十七条). */
export const stages = ['initiation', 'investigation', 'review', 'decision', 'service', 'enforcement'] as const
export type Stage = (typeof stages)[number]

/** `closed` by the custodian, `expired` when the lease ran out, `lost` with the session, the term or the account. */
export const viewingEndKinds = ['closed', 'expired', 'lost'] as const
export type ViewingEndKind = (typeof viewingEndKinds)[number]

export const jobStates = ['pending', 'done'] as const
export const timestampReasons = ['daily', 'demand', 'package'] as const
export type TimestampReason = (typeof timestampReasons)[number]
export const packageStates = [
  'awaiting_signature',
  'queued',
  'building',
  'ready',
  'refused',
  'failed',
  'expired',
] as const
/** Why an answer that sent a package's file came to its end. */
export const downloadEnds = [
  'complete',
  'client_gone',
  'read_failed',
  'service_stopped',
  'session_ended',
  'account_shut',
  'not_in_office',
  'package_expired',
  'not_checked',
] as const
export type DownloadEnd = (typeof downloadEnds)[number]

/** How far a version of a setting is: `withdrawn` by whoever proposed it, the others by a second person. */
export const settingStates = ['proposed', 'accepted', 'refused', 'withdrawn'] as const
