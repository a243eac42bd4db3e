// The bureau of the demo: its people, its 57 devices.

export interface DemoAccount {
  readonly role: string
  readonly name: string
  readonly account: string
  /** Of officers: 执法人员编号, which their recorders write into file names, and 执法证号. */
  readonly officerNumber?: string
  readonly certificateNumber?: string
}

export const demoAccounts: readonly DemoAccount[] = [
  {
    ...{ role: 'officer', name: '张伟', account: 'zhangwei' },
    ...{ officerNumber: 'P00231', certificateNumber: '02160312001' },
  },
  { ...{ role: 'officer', name: '李娜', account: 'lina' }, officerNumber: 'P00457', certificateNumber: '02160312002' },
  { role: 'custodian', name: '王芳', account: 'wangfang' },
  { role: 'auditor', name: '陈静', account: 'chenjing' },
  { role: 'legal_reviewer', name: '刘洋', account: 'liuyang' },
  { role: 'supervisor', name: '赵强', account: 'zhaoqiang' },
  { role: 'administrator', name: '孙磊', account: 'sunlei' },
]

/** More officers of the shift: their names stand on the wall, and nobody signs in as one of them. */
const shiftOfficers: readonly DemoAccount[] = [
  ['王强', 'wangqiang', 'P00462'],
  ['刘敏', 'liumin', 'P00468'],
  ['杨帆', 'yangfan', 'P00471'],
  ['周涛', 'zhoutao', 'P00475'],
  ['吴静', 'wujing', 'P00480'],
  ['郑凯', 'zhengkai', 'P00483'],
  ['何丽', 'heli', 'P00490'],
  ['马超', 'machao', 'P00494'],
  ['高洁', 'gaojie', 'P00502'],
  ['罗军', 'luojun', 'P00507'],
].map(([name, account, officerNumber], index) => ({
  ...{ role: 'officer', name: name!, account: account!, officerNumber: officerNumber! },
  certificateNumber: `021603120${10 + index}`,
}))

export interface DemoDevice {
  readonly serial: string
  readonly kind: 'recorder' | 'camera' | 'audio_pen' | 'drone'
  readonly model: string
  readonly holder: string
}

/** 46 recorders, 8 cameras, an audio pen and two drones, handed to the officers among these accounts in turn. */
export function demoDevices(accounts: readonly DemoAccount[] = demoAccounts): DemoDevice[] {
  const series = [
    { kind: 'recorder', prefix: 'ZJ', count: 46, model: 'DSJ-5' },
    { kind: 'camera', prefix: 'SX', count: 8, model: 'HDR-CX680' },
    { kind: 'audio_pen', prefix: 'LY', count: 1, model: 'ICD-PX470' },
    { kind: 'drone', prefix: 'HP', count: 2, model: 'M30T' },
  ] as const
  const officers = accounts.filter(({ role }) => role === 'officer')
  return series.flatMap(({ kind, prefix, count, model }) =>
    Array.from({ length: count }, (_, index) => ({
      serial: `${prefix}${String(index + 1).padStart(5, '0')}`,
      kind,
      model,
      holder: officers[index % officers.length]!.account,
    })),
  )
}

export const allAccounts: readonly DemoAccount[] = [...demoAccounts, ...shiftOfficers]
/** All 57, handed to the officers of the shift. */
export const allDevices: readonly DemoDevice[] = demoDevices(allAccounts)

/** The accounts as `custody setup --accounts` reads them. */
export function accountsCsv(accounts: readonly DemoAccount[]): string {
  const lines = accounts.map(({ role, name, account, officerNumber = '', certificateNumber = '' }) =>
    [role, name, account, officerNumber, certificateNumber].join(','),
  )
  return `${['role,name,account,officer_number,certificate_number', ...lines].join('\n')}\n`
}

/** The devices as `custody setup --devices` reads them. */
export function devicesCsv(devices: readonly DemoDevice[]): string {
  const lines = devices.map(({ serial, kind, model, holder }) => `${serial},${kind},${model},${holder}`)
  return `${['serial,kind,model,holder', ...lines].join('\n')}\n`
}

/** Today's roster (by the calendar of the bureau) as POST /rosters takes it: every device is out with whoever keeps it. */
export function rosterCsv(devices: readonly DemoDevice[], now: Date): string {
  const day = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
  const lines = devices.map(({ serial, holder }) => [holder, serial, day, '08:30', '17:30'].join(','))
  return `${['person,device,day,from,to', ...lines].join('\n')}\n`
}
