/**
 * The closed lists of words that event bodies are written in. Routes, rows and reports take them from here. Bodies are
 * permanent: a word is added, never taken away or renamed. Lists with Chinese names are tables, the others plain lists.
 */

/** 执法人员, 资料管理员, 法制办（监督）, 法制审核, 分管领导, 系统管理员. */
export const roles = ['officer', 'custodian', 'auditor', 'legal_reviewer', 'supervisor', 'administrator'] as const

/** 行政检查, 简易程序, 一般程序, 不予处罚. */
export const caseKinds = ['inspection', 'simple', 'general', 'no_penalty'] as const
export type CaseKind = (typeof caseKinds)[number]

/** 启动, 调查取证, 审核, 决定, 送达, 执行 (行政处罚法 第四十七条). */
export const stages = ['initiation', 'investigation', 'review', 'decision', 'service', 'enforcement'] as const
export type Stage = (typeof stages)[number]

/** 一户: a household, shop, company or person that enforcement has to do with; its cases lie inside it. */
export const partyKinds = ['household', 'shop', 'company', 'person'] as const
export type PartyKind = (typeof partyKinds)[number]

/** 执法记录仪, 录像机, 录音笔, 航拍器. */
export const deviceKinds = ['recorder', 'camera', 'audio_pen', 'drone'] as const
export type DeviceKind = (typeof deviceKinds)[number]
export const deviceStates = ['in_service', 'in_repair', 'retired'] as const
export type DeviceState = (typeof deviceStates)[number]

export const mediaKinds = ['video', 'audio', 'still', 'document', 'unknown'] as const
export type MediaKind = (typeof mediaKinds)[number]

export const recordingStates = ['sealed', 'secured', 'damaged'] as const

/** What a recording is marked with for those who look at lists. None of them keeps footage out. */
export const recordingFlags = ['no_list', 'not_on_list', 'no_dock_digest', 'empty', 'name_not_parsed'] as const
export type RecordingFlag = (typeof recordingFlags)[number]

/** Why footage waits for custodian and supervisor instead of being filed at once. */
export const quarantineReasons = {
  digest_differs: '校验值与交存单不一致',
  unknown_device: '设备未登记',
  retired_device: '设备已停用',
} as const
export type QuarantineReason = keyof typeof quarantineReasons

/** `accept` makes it a recording like any other; `keep_apart` keeps it as it is, explained. Nothing is ever thrown away. */
export const quarantineOutcomes = ['accept', 'keep_apart'] as const
export type QuarantineOutcome = (typeof quarantineOutcomes)[number]

/** Who signs a hand-over of the custodian's office. */
export const handoverParts = ['outgoing', 'incoming', 'supervisor', 'legal_office'] as const
export type HandoverPart = (typeof handoverParts)[number]

export const renditionKinds = ['video', 'audio', 'still'] as const
export const renditionMethods = ['remux', 'transcode', 'copy'] as const
/** Files that a rendition consists of. */
export const renditionFileKinds = ['init', 'segment', 'thumbnail', 'still'] as const

/** `closed` by the custodian, `expired` when the lease ran out, `lost` with the session, the term or the account. */
export const viewingEndKinds = ['closed', 'expired', 'lost'] as const
export type ViewingEndKind = (typeof viewingEndKinds)[number]

export const timestampReasons = { daily: '定期', demand: '按需申请', package: '举证材料所需' } as const
export type TimestampReason = keyof typeof timestampReasons

export const sessionEndReasons = {
  signed_out: '本人退出',
  idle: '长时间未操作',
  too_old: '超过最长登录时间',
  password_changed: '本人修改密码',
  password_reset: '密码被重置',
  person_disabled: '账号被停用',
} as const
export type SessionEndReason = keyof typeof sessionEndReasons

export const signInRefusals = {
  unknown_account: '账号不存在',
  wrong_password: '密码错误',
  locked_out: '账号锁定中',
  awaits_release: '账号待复核启用',
  person_disabled: '账号已停用',
} as const
export type SignInRefusal = keyof typeof signInRefusals

export const uploadRefusals = {
  not_own: '不是本采集站的上传',
  digest_differs: '校验值前后不一致',
  terminate_after_last_byte: '上传已完整，不能取消',
} as const
export type UploadRefusal = keyof typeof uploadRefusals

/** Why a route was refused before it ran, to a person or a dock. */
const routeRefusals = {
  wrong_role: '无此权限',
  password_change_required: '须先修改初始密码',
} as const
export type RouteRefusal = keyof typeof routeRefusals

export const accessRefusals = {
  ...routeRefusals,
  unknown: '对象不存在',
  not_own: '不是本人的对象',
  package_with_footage: '含音像资料的举证材料只能由资料管理员申请',
  dock_revoked: '采集站已停用',
} as const
export type AccessRefusal = keyof typeof accessRefusals

export const viewingRefusals = {
  ...routeRefusals,
  unknown: '对象不存在',
  not_own: '不是本人的调阅',
  other_session: '不是本次登录的调阅',
  ended: '调阅已结束',
  lease_over: '授权到期',
  not_in_office: '不是在任资料管理员',
  quarantined: '属于待核实资料',
  not_in_case: '未归入该案件',
  not_playable: '无法播放',
  not_made_yet: '播放件尚未制成',
  not_granted: '该段未获授权',
  no_such_file: '没有该段播放件',
  not_covered: '流转日志尚未签署',
} as const
export type ViewingRefusal = keyof typeof viewingRefusals
/** What a viewing's playback asks for. */
export const playedKinds = [...renditionFileKinds, 'playlist'] as const

/** What somebody may ask for and be told that it is not there. */
export const askedThings = ['recording', 'case', 'viewing', 'package'] as const
export type AskedThing = (typeof askedThings)[number]
