import type { GapReason, SlotFile } from './schemas.ts'

/** Why something about a hand-in has to stand on its paper. */
export const slipRemarks = {
  via_station: '经厂家采集站转入，此前由该站保管。',
  device_stated: '设备由现场人员指认，待核实。',
  card_import: '由取出的存储卡导入。',
  not_enforcement_device: '非执法专用设备拍摄。',
  before_witness: '未见证先清空，站内留存原件。',
  on_spool: '服务器未连接，资料已加密存于本站，恢复后自动上传。',
  kept_this_time: '本次保留，设备未清空。',
  card_sealed: '留存原卡，另见封条登记。',
} as const
export type SlipRemark = keyof typeof slipRemarks

export const slipReceiptWords: Readonly<Record<SlotFile['receipt'], string>> = {
  none: '未出具',
  provisional: '临时',
  witnessed: '已外部见证',
  wrong: '核验不通过',
}

export const gapReasonWords: Readonly<Record<GapReason, string>> = {
  battery: '电量不足',
  storage_full: '存储已满',
  device_fault: '设备故障',
  asked_by_party: '当事人要求',
  operating_error: '误操作',
  clock: '设备时钟有误',
  other: '其他',
}
