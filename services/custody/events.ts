import type { Trx } from '../foundation/db/database.ts'
import { appendEvent, type NewEvent } from '../ledger/append.ts'

/**
 * Every kind of custody event there is, with its Chinese name for screens and reports. A state change writes one of
 * these in its own transaction; a kind that is not here cannot be written.
 */
export const eventKinds = {
  'ledger.setup': '系统初始化',
  'person.created': '新增人员',
  'person.disabled': '停用人员',
  'person.released': '放行账号',
  'person.password_changed': '修改密码',
  'person.password_reset': '重置密码',
  'session.opened': '登录',
  'session.refused': '登录被拒',
  'session.locked_out': '账号锁定',
  'session.ended': '退出登录',
  'access.refused': '访问被拒',
  'custodian.appointed': '指定资料管理员',
  'custodian.handover_proposed': '发起管理员移交',
  'custodian.handover_signed': '签署管理员移交',
  'custodian.handover_withdrawn': '撤回管理员移交',
  'custodian.handed_over': '完成管理员移交',
  'device.registered': '设备登记',
  'device.changed': '设备变更',
  'dock.registered': '采集站登记',
  'dock.revoked': '采集站注销',
  'hand_in.opened': '开始交接',
  'upload.created': '开始上传',
  'upload.refused': '上传被拒',
  'upload.terminated': '取消上传',
  'upload.expired': '上传过期',
  'recording.sealed': '封存入库',
  'recording.quarantined': '隔离入库',
  'recording.duplicate': '重复交存',
  'recording.verified': '校验一致',
  'recording.copied': '备份完成',
  'recording.secured': '三份齐备',
  'recording.damaged': '副本异常',
  'quarantine.proposed': '隔离处理提议',
  'quarantine.resolved': '隔离处理决定',
  'rendition.published': '转码件入账',
  'rendition.ready': '转码完成',
  'rendition.not_playable': '无法播放',
  'party.created': '建立户档',
  'case.opened': '建立案件',
  'recording.attached': '归入案件',
  'recording.detached': '移出案件',
  'viewing.opened': '开始调阅',
  'viewing.refused': '调阅被拒',
  'viewing.renewed': '继续调阅',
  'viewing.ended': '结束调阅',
  'chain.read': '查看证据链',
  'proof.read': '调取事件证明',
  'receipt.issued': '出具交接回执',
  'timestamp.requested': '申请时间戳',
  'courier.exported': '导出待见证检查点',
  'courier.imported': '导入见证签名',
  'package.requested': '申请举证包',
  'package.signed': '批准举证包',
  'package.refused': '不批准举证包',
  'package.built': '举证包制成',
  'package.failed': '举证包制作失败',
  'package.downloaded': '下载举证包',
  'package.expired': '举证包到期删除',
  'fsck.started': '开始全库核对',
  'fsck.completed': '完成全库核对',
  'alarm.raised': '告警',
} as const satisfies Record<string, string>

export type EventKind = keyof typeof eventKinds
export type CustodyEvent = NewEvent & { readonly kind: EventKind }

/** Writes one custody event of a known kind in the caller's transaction; returns its id. */
export function recordEvent(trx: Trx, event: CustodyEvent): Promise<string> {
  return appendEvent(trx, event)
}
