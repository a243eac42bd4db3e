import {
  type ClearingBasis,
  type ClearingOutcome,
  type DownloadEnd,
  type QuarantineOutcome,
  type QuarantineReason,
  renditionFileKinds,
  type TimestampReason,
  type UserGrade,
} from '../../foundation/db/words.ts'

/**
 * The closed lists of words that event bodies are written in, beside those that a column holds too (foundation/db/words.ts).
 * Bodies are permanent: a word is added, never taken away or renamed. Lists with Chinese names are tables, the others
 * plain lists.
 */

/** What a recording is marked with for those who look at lists. None of them keeps footage out. */
export const recordingFlags = [
  'no_list',
  'not_on_list',
  'no_dock_digest',
  'empty',
  'name_not_parsed',
  'name_contradicts',
  'no_such_time',
  'clock_implausible',
  'times_differ',
  'device_stated',
  'not_enforcement_device',
  'recompressed_likely',
  'self_test',
] as const
export type RecordingFlag = (typeof recordingFlags)[number]

/** What a track of a recording's file is. */
export const inventoryTrackKinds = ['picture', 'sound', 'attached_picture', 'subtitle', 'data'] as const

export const quarantineReasonNames = {
  digest_differs: '校验值与交存单不一致',
  unknown_device: '设备未登记',
  retired_device: '设备已停用',
  not_listed: '不在采集站签名的交存单上',
} as const satisfies Record<QuarantineReason, string>

/** What becomes of a recording in quarantine. */
export const quarantineOutcomeNames = {
  accept: { zh: '接收入库', en: 'accept' },
  keep_apart: { zh: '另存备查', en: 'keep apart' },
} as const satisfies Record<QuarantineOutcome, { zh: string; en: string }>

/** How it is known whose recording it is. */
export const userGradeNames = {
  confirmed: '本人确认',
  roster: '排班',
  register: '仅登记保管人',
  unknown: '不明',
} as const satisfies Record<UserGrade, string>
export const userGradesInEnglish = {
  confirmed: 'confirmed by himself',
  roster: 'by the roster',
  register: 'only the registered keeper',
  unknown: 'not known',
} as const satisfies Record<UserGrade, string>

/** How a dock came by the files of a hand-in. */
export const originNames = {
  mass_storage: '采集站直接读取设备',
  mtp: '采集站经媒体传输协议读取设备',
  card: '取出存储卡导入',
  station_folder: '由既有采集工作站转入',
  export: '由设备配套程序导出后导入',
  phone: '本人手机导入',
  other: '其他来源',
  self_test: '采集站自检（不是执法资料）',
} as const
export type OriginKind = keyof typeof originNames
export const originsInEnglish = {
  mass_storage: 'read from the device by the dock',
  mtp: 'read from the device by the dock over MTP',
  card: 'imported from the card that was taken out',
  station_folder: 'taken over from an older docking station',
  export: "exported with the device's own program, then imported",
  phone: 'imported from his own phone',
  other: 'from elsewhere',
  self_test: "a station's test of itself, not footage",
} as const satisfies Record<OriginKind, string>

/** Acts of the register that may leave files of a device behind, and a loss. 领用 and 归还 are changes of its keeper. */
export const deviceActNames = {
  repair: '送修',
  retire: '报废',
  lend: '借出',
  lose: '遗失',
  take_back: '收回启用',
} as const
export type DeviceActWord = keyof typeof deviceActNames

/** On what a dock removed a file from a device. */
export const clearingBases = {
  witnessed: '凭已外部见证的交存回执',
  before_witness: '未见证先清空，站内留存原件',
} as const satisfies Record<ClearingBasis, string>

/** Why an announced file did not go, or is not known to have gone. */
export const leftNames = {
  gone: '设备上已没有该文件',
  digest_differs: '设备上的文件校验值不同',
  not_removed: '未能删除',
  kept: '未清空，文件留在设备上',
  outcome_unknown: '清空结果不明',
} as const satisfies Record<Exclude<ClearingOutcome, 'cleared'>, string>

/** How somebody named himself at a dock. */
export const saidGrades = { slot: '在采集站点选', card: '凭卡', code: '凭码', roster: '按排班' } as const
export type SaidGrade = keyof typeof saidGrades

/** Why a device is taken before its files were read. */
export const emergencyReasons = { call_out: '紧急出警', shift_change: '交接班', other: '其他' } as const
export type EmergencyReason = keyof typeof emergencyReasons

/** What somebody at the dock said of a volume that names no registered device. */
export const volumeAnswers = { ours: '本单位设备', foreign: '外单位设备', not_a_device: '不是采集设备' } as const
export type VolumeAnswer = keyof typeof volumeAnswers

export const timestampReasonNames = {
  daily: '定期',
  demand: '按需申请',
  package: '举证材料所需',
} as const satisfies Record<TimestampReason, string>

/** What there is in writing of the sound of a recording (声音文字记录). */
export const transcriptNames = { separate: '另附', no_speech: '无对话' } as const
export type TranscriptKind = keyof typeof transcriptNames

/** What two signatures from one seat have in common. */
export const sharedSeats = { browser: '同一浏览器', address: '同一地址' } as const

export const downloadEndNames = {
  complete: '已全部送出',
  client_gone: '对方中断或断线',
  read_failed: '读取存储失败',
  service_stopped: '服务中断',
  session_ended: '登录已结束',
  account_shut: '账号已停用',
  not_in_office: '已不在任',
  package_expired: '举证材料已到期',
  not_checked: '无法核对权限',
} as const satisfies Record<DownloadEnd, string>

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
  release_not_effective: '复核启用尚未生效',
  release_stopped: '复核启用已被中止',
  secret_expired: '初始密码或复核码已过期',
  secret_used: '初始密码和复核码已使用',
  wrong_code: '复核码错误',
  spare_not_opened: '备用码尚未启封',
  spare_of_maker: '初始密码与备用码经手人相同或不独立',
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
  dock_not_released: '采集站待复核启用',
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
  withdrawn: '预览已撤回',
  abandoned: '播放件未制成，已作废',
} as const
export type ViewingRefusal = keyof typeof viewingRefusals
/**
 * Why a preview ended: its rendition is ready, or there can be none, or the original turned out not to be the sealed bytes.
 */
export const previewEnds = ['ready', 'not_playable', 'withdrawn'] as const
export type PreviewEnd = (typeof previewEnds)[number]
/** How a rendition can differ from its original. custody/viewing/rendition-notes.ts has a sentence for each. */
export const renditionDifferences = [
  'shorter_than_stated',
  'damaged',
  'sound_missing',
  'sound_differs',
  'sound_displaced',
  'picture_differs',
  'picture_displaced',
  'length_differs',
  'trimmed_by_camera',
  'begins_between_key_frames',
  'size_changes',
  'clock_jumps',
  'not_upright',
  'supplied_by_vendor_player',
  'one_of_several',
  'lower_part_missing',
] as const
export type RenditionDifference = (typeof renditionDifferences)[number]
/** Why a track of a rendition has a hole. */
export const holeReasons = ['damaged', 'missing'] as const
export type HoleReason = (typeof holeReasons)[number]
/** Streams that are neither picture nor sound of their own: no rendition ever shows them. */
export const neverShownReasons = ['text_track', 'data_track', 'attached_picture'] as const
export type NeverShownReason = (typeof neverShownReasons)[number]
/** Why no track of a rendition shows a stream of the original; of a picture or sound there are the first three only. */
export const notShownReasons = ['encrypted', 'undecodable', 'beyond_limit', ...neverShownReasons] as const
export type NotShownReason = (typeof notShownReasons)[number]

/** What a viewing's playback asks for. */
export const playedKinds = [...renditionFileKinds, 'playlist'] as const

/** What somebody may ask for and be told that it is not there. */
export const askedThings = ['recording', 'case', 'viewing', 'package', 'party', 'hand_in', 'gap'] as const
export type AskedThing = (typeof askedThings)[number]
