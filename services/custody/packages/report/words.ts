import type { MediaKind, RenditionMethod } from '../../../foundation/db/words.ts'
import type { RecordingFlag } from '../../events/words.ts'

/** The report's words and spellings. Times are those of the bureau (Asia/Shanghai), stored ones are UTC. */

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** `2026-11-23 16:05:09` in Shanghai; `—` when there is none, or it is no time. */
export function shownTime(at: string | Date | null | undefined): string {
  const date = at instanceof Date ? at : new Date(at ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? '—' : clock.format(date)
}

/** The device's own time: as it was said where the calendar has no such time. */
export function shownDeviceTime(sealed: { deviceTime: string | null; deviceTimeText?: string }): string {
  const { deviceTime, deviceTimeText } = sealed
  if (deviceTime === null && deviceTimeText) return `${deviceTimeText}（日历上没有这个时间）`
  return shownTime(deviceTime)
}

/** Whether the device said when it recorded, in whatever words. */
export function saysItsTime({
  deviceTime,
  deviceTimeText,
}: {
  deviceTime: string | null
  deviceTimeText?: string
}): boolean {
  return deviceTime !== null || Boolean(deviceTimeText)
}

export function shownBytes(bytes: number): string {
  const exact = `${bytes.toLocaleString('en-US')} 字节`
  if (bytes < 1024 ** 2) return exact
  const [unit, size] = bytes < 1024 ** 3 ? ['MiB', 1024 ** 2] : ['GiB', 1024 ** 3]
  return `${(bytes / size).toFixed(1)} ${unit}（${exact}）`
}

/** A place in a film: `00:01:35`, with its milliseconds where there are any. */
export function shownPlace(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const whole = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return ms % 1000 === 0 ? whole : `${whole}.${String(ms % 1000).padStart(3, '0')}`
}

/** A device's clock against the dock's: positive when it is fast. */
export function shownOffset(offsetMs: number): string {
  if (offsetMs === 0) return '设备时钟与采集站时钟一致'
  return `设备时钟比采集站时钟${shownSigned(offsetMs)}`
}

/** `快 1.5 秒`, `慢 1.5 秒`, `为 0`. */
export function shownSigned(offsetMs: number): string {
  if (offsetMs === 0) return '为 0'
  return `${offsetMs > 0 ? '快' : '慢'} ${shownSeconds(Math.abs(offsetMs))}`
}

export function shownSeconds(ms: number): string {
  const seconds = Math.round(ms / 100) / 10
  return `${seconds.toLocaleString('en-US')} 秒`
}

const roleNames: Readonly<Record<string, string>> = {
  officer: '执法人员',
  custodian: '资料管理员',
  custodian_waiting: '资料管理员（未在任）',
  auditor: '法制办（监督）',
  legal_reviewer: '法制审核人员',
  supervisor: '分管领导',
  deputy: '受委托领导',
  administrator: '系统管理员',
  assistant: '执法辅助人员',
  operator: '系统安装人员',
  dock: '采集站',
  service: '系统服务',
  system: '系统',
}
const serviceNames: Readonly<Record<string, string>> = {
  ingest: '接收服务',
  checksum: '校验服务',
  copy: '备份服务',
  transcode: '播放件服务',
  custody: '保管服务',
  package: '举证材料服务',
  expire: '到期服务',
  receipt: '回执服务',
  timestamp: '时间戳服务',
  witness: '外部见证服务',
  archive: '流转日志备份服务',
  canary: '防删锁自检服务',
  reconcile: '读取对账服务',
  nightly: '系统自查服务',
  setup: '系统初始化',
  recovery: '恢复密钥',
}
const stageNames: Readonly<Record<string, string>> = {
  initiation: '启动',
  investigation: '调查取证',
  review: '审核',
  decision: '决定',
  service: '送达',
  enforcement: '执行',
}
const caseKindNames: Readonly<Record<string, string>> = {
  inspection: '行政检查',
  simple: '简易程序',
  general: '一般程序',
  no_penalty: '不予处罚',
}
const storeNames: Readonly<Record<string, string>> = { primary: '原始件', 'backup-a': '备份甲', 'backup-b': '备份乙' }
const copyStateNames: Readonly<Record<string, string>> = { stored: '已存', verified: '校验一致', damaged: '异常' }
const deviceKindNames: Readonly<Record<string, string>> = {
  recorder: '执法记录仪',
  camera: '录像机',
  audio_pen: '录音笔',
  drone: '航拍器',
  phone: '本人手机',
}
const mediaKindNames: Readonly<Record<string, string>> = {
  video: '录像',
  audio: '录音',
  still: '照片',
  document: '文档',
  unknown: '资料',
}
/** How something of this kind is made: a film is not what a pen or a camera for photographs makes. */
const makingVerbs: Readonly<Record<MediaKind, string>> = {
  video: '摄录',
  audio: '录制',
  still: '拍摄',
  document: '制作',
  unknown: '摄录',
}
const renditionMethodNames: Readonly<Record<RenditionMethod, string>> = {
  remux: '重新封装，画面和声音不重新编码',
  transcode_sound: '声音重新编码，画面不重新编码',
  transcode: '重新编码',
  copy: '原样复制',
  supplied: '由厂家软件导出的影片制成',
}
const playableKindNames: Readonly<Record<string, string>> = { video: '录像', audio: '录音', still: '照片' }
const endKindNames: Readonly<Record<string, string>> = {
  closed: '正常结束',
  expired: '授权到期自动结束',
  lost: '登录失效',
}
const flagNames: Readonly<Record<RecordingFlag, string>> = {
  no_list: '无交存单',
  not_on_list: '不在交存单上',
  no_dock_digest: '采集站未给出校验值',
  empty: '空文件',
  name_not_parsed: '文件名无法识别',
  name_contradicts: '文件名中的设备序号或执法人员编号与交存设备或其保管人不符',
  no_such_time: '设备或文件名给出的时间在日历上不存在，按原样保存',
  clock_implausible: '设备时钟不可信',
  times_differ: '文件名、文件自带时间和设备时间相差超过 2 分钟',
  self_test: '采集站自检文件，不是执法资料',
  device_stated: '存储介质未自报所属设备，由现场人员在采集站指认',
  not_enforcement_device: '非执法专用设备拍摄',
  recompressed_likely: '文件名或文件属性显示可能经聊天软件转发压缩，可能不是拍摄设备的原始文件',
}

const word = (table: Readonly<Record<string, string>>) => (name: string) =>
  Object.hasOwn(table, name) ? table[name]! : name
export const roleName = word(roleNames)
/** Null for what is no service. */
export const serviceName = (id: string): string | null => (Object.hasOwn(serviceNames, id) ? serviceNames[id]! : null)
export const stageName = word(stageNames)
export const caseKindName = word(caseKindNames)
export const storeName = word(storeNames)
export const copyStateName = word(copyStateNames)
export const deviceKindName = word(deviceKindNames)
export const mediaKindName = word(mediaKindNames)
export const makingVerb = (kind: MediaKind): string => makingVerbs[kind]
export const renditionMethodName = word(renditionMethodNames)
export const playableKindName = word(playableKindNames)
export const endKindName = word(endKindNames)
export const flagName = word(flagNames)
