import type {
  DockPassMeans,
  GapKind,
  GapReason,
  GapState,
  IdentityGrade,
  StatementKind,
} from '../../foundation/db/words.ts'

/** The words of what is said at a dock, Chinese and English. Bodies are permanent: a word is added, never taken away. */

export const gapKindNames = {
  time: '时间中断',
  number: '编号中断',
  not_read: '清单所列文件未收到',
  missing_hand_in: '应交未交',
} as const satisfies Record<GapKind, string>
export const gapKindsInEnglish = {
  time: 'a stretch of time without a recording',
  number: 'running numbers that are missing',
  not_read: 'files of the list that never came',
  missing_hand_in: 'nothing was handed in',
} as const satisfies Record<GapKind, string>

export const gapReasonNames = {
  battery: '电量不足',
  storage_full: '存储已满',
  device_fault: '设备故障',
  asked_by_party: '当事人要求',
  operating_error: '误操作',
  clock: '设备时钟有误',
  not_used: '当班未使用',
  still_on_duty: '仍在执勤',
  handed_in_elsewhere: '已在其他采集站交存',
  lost: '遗失',
  other: '其他',
} as const satisfies Record<GapReason, string>
export const gapReasonsInEnglish = {
  battery: 'battery was empty',
  storage_full: 'storage was full',
  device_fault: 'device failed',
  asked_by_party: 'the party asked for it',
  operating_error: 'operating error',
  clock: "the device's clock was wrong",
  not_used: 'not used this shift',
  still_on_duty: 'still on duty',
  handed_in_elsewhere: 'handed in at another dock',
  lost: 'lost',
  other: 'other',
} as const satisfies Record<GapReason, string>

/** Why a reason is proposed for a gap. */
export const proposalGrounds = { battery: '电量', storage: '存储空间', clock: '设备时钟' } as const
export type ProposalGround = keyof typeof proposalGrounds

export const gapStateNames = {
  open: '待说明',
  explained: '待复核',
  accepted: '已认可',
  returned: '已退回，待重新说明',
  withdrawn: '已撤销（资料已补到）',
} as const satisfies Record<GapState, string>
export const gapStatesInEnglish = {
  open: 'to be explained',
  explained: 'to be decided on',
  accepted: 'accepted',
  returned: 'returned, to be explained again',
  withdrawn: 'withdrawn: what was missing has come',
} as const satisfies Record<GapState, string>

export const identityGradeNames = {
  slot: '凭设备在槽',
  card: '凭卡',
  code: '凭码',
  password: '密码',
} as const satisfies Record<IdentityGrade, string>
export const identityGradesInEnglish = {
  slot: 'by the device in its slot',
  card: 'by work card',
  code: 'by dock code',
  password: 'by password',
} as const satisfies Record<IdentityGrade, string>

export const statementKindNames = {
  not_enforcement: '与执法无关',
  no_number_yet: '待编号事项',
} as const satisfies Record<StatementKind, string>
export const statementKindsInEnglish = {
  not_enforcement: 'not enforcement',
  no_number_yet: 'a matter without a number yet',
} as const satisfies Record<StatementKind, string>

export const dockPassNames = { card: '工作卡', code: '采集站码' } as const satisfies Record<DockPassMeans, string>
export const dockPassesInEnglish = { card: 'work card', code: 'dock code' } as const satisfies Record<
  DockPassMeans,
  string
>
