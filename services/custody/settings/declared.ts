import { type Static, Type } from 'typebox'
import { relationsProblem, WitnessRelations } from '../events/witness-relation.ts'
import { CalendarDay, calendarEffect, calendarProblem } from './calendar.ts'
import { handInDeadlines } from './deadline.ts'
import { setting } from './definition.ts'
import { dockSettings } from './docks.ts'

const between = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })

/** Every setting. Another one is added here and nowhere else. */
export const settings = {
  'calendar.days': setting({
    zh: '节假日与调休',
    en: 'holidays and working weekends',
    shape: Type.Array(CalendarDay, { maxItems: 2000 }),
    standard: [],
    problem: calendarProblem,
    effect: (_db, change) => calendarEffect(change),
  }),
  'account.secret_working_days': setting({
    zh: '初始密码和复核码有效期（工作日）',
    en: 'working days for which a first password and a release code hold',
    shape: between(1, 10),
    standard: 3,
  }),
  'account.setup_secret_working_days': setting({
    zh: '系统初始化和人员恢复所给初始密码的有效期（工作日）',
    en: 'working days for which a first password of `custody setup` or `custody recover-people` holds',
    shape: between(1, 30),
    standard: 10,
  }),
  'account.wait_working_days': setting({
    zh: '另一复核部门代为复核后的等待期（工作日）',
    en: 'working days until a release by the other releasing office takes effect',
    shape: between(1, 10),
    standard: 2,
  }),
  'account.new_days': setting({
    zh: '新账号与其复核人不得单独共同签署的期限（天）',
    en: 'days for which a new account and its releaser may not sign alone together',
    shape: between(1, 365),
    standard: 30,
  }),
  'seats.away_working_days': setting({
    zh: '人员不在岗预测的期限（工作日）',
    en: 'working days of absence for which it is foreseen what stops',
    shape: between(1, 60),
    standard: 15,
  }),
  'signature.same_seat_minutes': setting({
    zh: '同机签署的判断时间（分钟）',
    en: 'minutes within which two signatures from one seat are marked',
    // 0 switches the mark off; a seat that is shared for longer than a day says nothing.
    shape: between(0, 24 * 60),
    standard: 30,
  }),
  'signature.paper_working_days': setting({
    zh: '纸质第三方签署的核对期限（工作日）',
    en: 'working days within which a third signature on paper is confirmed',
    shape: between(1, 30),
    standard: 5,
  }),
  'signature.loopback_is_a_seat': setting({
    zh: '本机地址（反向代理）也按同一地址判断同机签署',
    en: 'whether two sign-ins from the loopback address (a reverse proxy) count as one seat',
    shape: Type.Boolean(),
    standard: false,
  }),
  'hand_in.deadline': setting({
    zh: '交存和说明中断的期限（当天、24小时、2个工作日）',
    en: 'until when footage is handed in and gaps are explained: the same day, 24 hours, or 2 working days',
    shape: Type.Enum([...handInDeadlines]),
    standard: '24_hours',
  }),
  'gap.confirm_working_days': setting({
    zh: '本人核对在采集站所作中断情况说明的期限（工作日）',
    en: 'working days within which a person confirms what was explained at a dock in his name',
    shape: between(1, 10),
    standard: 2,
  }),
  'roster.slack_minutes': setting({
    zh: '排班前后仍按当班使用人认定的时间（分钟）',
    en: 'minutes before and after a shift in which a recording still counts as of its roster line',
    shape: between(0, 12 * 60),
    standard: 60,
  }),
  'dock_pass.wrong_tries': setting({
    zh: '采集站每台设备15分钟内允许的错误身份核对次数',
    en: 'wrong cards or codes that a dock may try for one device within 15 minutes',
    shape: between(1, 20),
    standard: 5,
  }),
  'witness.relation': setting({
    zh: '外部见证单位与本单位的关系',
    en: 'how each witness stands to the bureau',
    shape: WitnessRelations,
    standard: [],
    problem: relationsProblem,
  }),
  ...dockSettings,
} as const

export type SettingKey = keyof typeof settings
export type SettingValue<Key extends SettingKey> = Static<(typeof settings)[Key]['shape']>

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(settings, key)
}
