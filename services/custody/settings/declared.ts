import { type Static, Type } from 'typebox'
import { relationsProblem, WitnessRelations } from '../events/witness-relation.ts'
import { CalendarDay, calendarEffect, calendarProblem } from './calendar.ts'
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
