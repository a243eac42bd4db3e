import { Type } from 'typebox'
import { setting } from './definition.ts'

const between = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })

/** What becomes of the files on a device once they may go: removed, kept, asked about, or kept with their card (留存原卡). */
export const clearingWays = ['clear', 'keep', 'ask', 'seal_card'] as const
const Way = Type.Enum([...clearingWays])

const ClearingPolicy = Type.Object(
  { recorder: Way, camera: Way, audio_pen: Way, drone: Way, phone: Way },
  { additionalProperties: false },
)

/** What a bureau may set about its docks. They are told by GET /docks/me/register and keep it for when the line is cut. */
export const dockSettings = {
  'dock.clearing': setting({
    zh: '入库后设备上原文件的处理（按设备种类：清空、保留、询问、留存原卡）',
    en: 'what becomes of the files on a device, by its kind, once they may be removed',
    shape: ClearingPolicy,
    standard: { recorder: 'clear', camera: 'ask', audio_pen: 'ask', drone: 'ask', phone: 'keep' },
    problem: ({ phone }) =>
      phone === 'clear' ? "phone: a dock clears nobody's own telephone: choose keep, ask or seal_card" : null,
  }),
  'dock.witness_late_hours': setting({
    zh: '外部见证逾期多久可先清空（小时，站内留存原件）',
    en: 'hours without a witness after which a dock may clear and keep the bytes itself',
    shape: between(1, 30 * 24),
    standard: 24,
  }),
  'dock.witness_late_hours_when_full': setting({
    zh: '设备将满时，外部见证逾期多久可先清空（小时，站内留存原件）',
    en: 'the same for a device that is nearly full',
    shape: between(1, 30 * 24),
    standard: 4,
  }),
  // † From half on: what a shift leaves below that has room for another one like it, before the longer term is over.
  'dock.full_percent': setting({
    zh: '设备已用空间达到多少视为将满（%）',
    en: 'per cent of its space from which a device counts as nearly full',
    shape: between(1, 100),
    standard: 50,
  }),
  'dock.clock_error_max_seconds': setting({
    zh: '设备时钟误差上限（秒）',
    en: 'seconds by which the clock of a device may be off',
    shape: between(1, 24 * 60 * 60),
    standard: 30,
  }),
  'dock.check_battery_percent': setting({
    zh: '班前检查：电量下限（%）',
    en: 'least battery of a device that is taken for a shift, in per cent',
    shape: between(0, 100),
    standard: 50,
  }),
  'dock.check_free_percent': setting({
    zh: '班前检查：剩余空间下限（%）',
    en: 'least free space of a device that is taken for a shift, in per cent',
    shape: between(0, 100),
    standard: 30,
  }),
  'dock.names_shown': setting({
    zh: '采集站屏幕上如何称呼执法人员（姓名、编号、两者）',
    en: "how people are named on a dock's screen",
    shape: Type.Enum(['name', 'number', 'both']),
    standard: 'name',
  }),
  'dock.contact': setting({
    zh: '采集站屏幕上的联系人和电话',
    en: "whom to call, as a dock's screen says it",
    shape: Type.Union([
      Type.Object(
        { name: Type.String({ minLength: 1, maxLength: 40 }), phone: Type.String({ minLength: 1, maxLength: 40 }) },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
    standard: null,
  }),
  'dock.enrolment_hours': setting({
    zh: '采集站登记码有效期（小时）',
    en: 'hours for which the enrolment code of a dock holds',
    shape: between(1, 7 * 24),
    standard: 24,
  }),
  'dock.silent_minutes': setting({
    zh: '采集站多久未联系即提示（分钟）',
    en: 'minutes without a word from a dock after which its line says so',
    shape: between(2, 7 * 24 * 60),
    standard: 15,
  }),
} as const
