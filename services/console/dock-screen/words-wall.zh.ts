import type { AttentionWord, GapReason, IdentityGrade, RecentHandIn, SlotFile } from './types.ts'

/** What stands big on a card, readable from three metres. */
const big = {
  empty: '空',
  asking: '请认领',
  unread: '未读取',
  reading: '读取中',
  uploading: '上传中',
  checking: '校验中',
  copying: '备份中',
  mayLeave: '可先离开',
  provisional: '临时回执',
  ready: '可取走',
  charging: '充电中',
  attention: '需处理',
  taken: '已取走',
  pickedUp: '已取用',
}

/** On the card below the big word: what it means for the person in front of it. */
const note = {
  empty: '请放入设备',
  asking: '点此说明是谁的设备',
  unread: '点此重新指认',
  wait: '请稍候，勿拔出',
  mayLeave: '设备留在槽内',
  provisional: '可取走，勿清空',
  ready: (files: number) => `${files} 个文件已有回执`,
  charging: '无新文件，可取用',
  taken: '',
  takenBy: (name: string) => `${name} 取用`,
  whoTakes: '点此登记谁取用',
  unfit: (what: string, slot: number | null) =>
    slot === null ? `${what}，请勿取用` : `${what}，请取 ${String(slot).padStart(2, '0')} 号`,
  pickedUp: (files: number) => (files === 0 ? '文件已全部收下' : `余 ${files} 个文件待补交`),
}

/** 班前检查: why a device should not go out. */
const unfitWords = {
  battery: (percent: number) => `电量 ${percent} %`,
  space: (percent: number) => `空间余 ${percent} %`,
  clock: '时钟不准',
  state: '登记为不在用',
}

const stage = { reading: '读取', uploading: '上传', checking: '校验', copying: '备份' }

interface Attention {
  /** On a card. */
  readonly short: (count: number) => string
  /** In a sentence: what is wrong, then what to do. */
  readonly wrong: (count: number) => string
  readonly act: string
}

const attention: Record<AttentionWord, Attention> = {
  unknown_volume: {
    short: () => '是谁的设备？',
    wrong: () => '存储设备不在登记册内，尚未读取',
    act: '点此槽位，说明是谁的设备',
  },
  two_devices_one_serial: {
    short: () => '序号重复，勿拔出',
    wrong: () => '两台设备报同一序号',
    act: '两台都留在槽内，联系系统管理员',
  },
  file_unreadable: {
    short: (count) => `${count} 个文件读不出，勿拔出`,
    wrong: (count) => `${count} 个文件读不出`,
    act: '设备留在槽内，勿清空，联系系统管理员',
  },
  pulled_out: {
    short: (count) => `还有 ${count} 个未收完，请放回`,
    wrong: (count) => `设备被拔出，还有 ${count} 个文件未收完`,
    act: '放回任一空槽，从断处续传',
  },
  spool_full: {
    short: () => '本站暂存已满，勿清空',
    wrong: () => '本站暂存已满，其余文件仍在设备内',
    act: '设备留在槽内，勿清空，联系系统管理员',
  },
  refused_by_server: {
    short: () => '服务器未接收，勿拔出',
    wrong: () => '服务器未接收这次交存',
    act: '设备留在槽内，勿清空，联系系统管理员',
  },
  quarantined: {
    short: (count) => `${count} 个文件待核实`,
    wrong: (count) => `${count} 个文件列为待核实资料，不会从设备清空`,
    act: '由资料管理员核实，设备可先取走',
  },
  digest_differs: {
    short: (count) => `${count} 个校验值不符，勿拔出`,
    wrong: (count) => `${count} 个文件校验值不符`,
    act: '设备留在槽内，勿清空，联系系统管理员',
  },
  receipt_wrong: {
    short: () => '回执核验不通过，勿清空',
    wrong: () => '回执核验不通过，设备没有清空',
    act: '设备留在槽内，勿清空，联系系统管理员',
  },
  not_in_service: {
    short: () => '登记为不在用，请核对',
    wrong: () => '这台设备在登记册上不在用',
    act: '联系系统管理员核对登记',
  },
  volume_damaged: {
    short: () => '存储损坏，勿格式化',
    wrong: () => '设备的存储损坏，读不出',
    act: '勿格式化，设备留在槽内，联系系统管理员',
  },
  unlock_failed: {
    short: () => '未能解锁，请重插',
    wrong: () => '厂家解锁命令没有打开这台设备',
    act: '拔出再放回；仍不行请联系系统管理员',
  },
  changed_after_list: {
    short: (count) => `${count} 个文件已变动`,
    wrong: (count) => `清单签名后设备上有 ${count} 个文件变动`,
    act: '已作为新文件交存，请告知系统管理员',
  },
  copy_damaged: {
    short: (count) => `${count} 个文件副本损坏`,
    wrong: (count) => `局内有 ${count} 个文件的副本损坏`,
    act: '设备上的文件保留，联系系统管理员',
  },
  post_refused: {
    short: () => '有上报未被接收',
    wrong: () => '本站关于此次交存的上报未被服务器接收',
    act: '设备可取走，请告知系统管理员',
  },
  card_to_seal: {
    short: () => '取出原卡，登记封条',
    wrong: () => '已全部交存，原卡须留存',
    act: '取出存储卡装袋，贴封条，登记封条号、保管人和存放处',
  },
  clear_failed: {
    short: (count) => `${count} 个文件未能清空`,
    wrong: (count) => `文件已有回执，但有 ${count} 个未能从设备清空`,
    act: '设备可取走，下次放入时再清空',
  },
  files_not_listed: {
    short: () => '有文件未列入，勿清空',
    wrong: (count) => `设备占用的空间远大于清单所列，有 ${count} 个文件未列入`,
    act: '设备留在槽内，勿清空，联系系统管理员',
  },
  read_from_memory: {
    short: () => '本站不清空此设备',
    wrong: () => '挂载这台设备的驱动不保证从设备重新读取，本站不清空',
    act: '设备可取走，请告知系统管理员',
  },
}

const gapReason: Record<GapReason, string> = {
  battery: '电量不足',
  storage_full: '存储已满',
  device_fault: '设备故障',
  asked_by_party: '当事人要求',
  operating_error: '误操作',
  clock: '设备时钟有误',
  other: '其他',
}

const grade: Record<IdentityGrade, string> = {
  slot: '凭设备在槽',
  card: '凭卡',
  code: '凭码',
  password: '密码',
}

const recentResult: Record<RecentHandIn['result'], string> = {
  receipts: '已出回执',
  provisional: '临时回执',
  no_receipt: '尚无回执',
  attention: '需处理',
  pulled_out: '被拔出',
  picked_up: '紧急取用',
}

const fileState: Record<SlotFile['state'], string> = {
  waiting: '等待',
  receiving: '上传中',
  complete: '已传完',
  sealed: '已入库',
  secured: '一存两备已完成',
  quarantined: '待核实',
  duplicate: '此前已交存',
  refused: '未接收',
}

const receipt: Record<SlotFile['receipt'], string> = {
  none: '尚未出具',
  provisional: '临时',
  witnessed: '已外部见证',
  wrong: '核验不通过',
}

export const wallWords = { big, note, unfitWords, stage, attention, recentResult }
export const detailWords = { gapReason, grade, fileState, receipt }
