import { type Static, type TSchema, Type } from 'typebox'
import { Count, closed } from '../events/shapes.ts'

/** Everything there is to know of a setting. Numbers that the bureau's rules mark as its own to change are settings. */
export interface SettingDefinition<Shape extends TSchema> {
  readonly zh: string
  readonly en: string
  readonly shape: Shape
  /** In force while nobody has set another. */
  readonly standard: Static<Shape>
}

function setting<Shape extends TSchema>(declared: SettingDefinition<Shape>): SettingDefinition<Shape> {
  return declared
}

const between = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })

/** A day that is not what its weekday says: a holiday, or a Saturday or Sunday on which people work (调休). */
const CalendarDay = closed({
  day: Type.String({ title: 'day', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
  isWorkingDay: Type.Boolean(),
})

/** Every setting. Another one is added here and nowhere else. */
export const settings = {
  'calendar.days': setting({
    zh: '节假日与调休',
    en: 'holidays and working weekends',
    shape: Type.Array(CalendarDay, { maxItems: 2000 }),
    standard: [],
  }),
  'account.secret_working_days': setting({
    zh: '初始密码和复核码有效期（工作日）',
    en: 'working days for which a first password and a release code hold',
    shape: between(1, 10),
    standard: 3,
  }),
  'account.wait_working_days': setting({
    zh: '另一办公室代为复核后的等待期（工作日）',
    en: 'working days until a release by the other office takes effect',
    shape: between(1, 10),
    standard: 2,
  }),
  'account.new_days': setting({
    zh: '新账号与其复核人不得单独共同签署的期限（天）',
    en: 'days for which a new account and its releaser may not sign alone together',
    shape: between(1, 365),
    standard: 30,
  }),
  'signature.paper_working_days': setting({
    zh: '纸质签名由法制办确认的期限（工作日）',
    en: 'working days within which an auditor confirms a signature on paper',
    shape: between(1, 20),
    standard: 5,
  }),
  'signature.same_seat_minutes': setting({
    zh: '同机签署的判断时间（分钟）',
    en: 'minutes within which two signatures from one seat are marked',
    shape: Count,
    standard: 30,
  }),
} as const

export type SettingKey = keyof typeof settings
export type SettingValue<Key extends SettingKey> = Static<(typeof settings)[Key]['shape']>

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(settings, key)
}
