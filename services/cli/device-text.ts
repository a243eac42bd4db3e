import { deviceKindName } from '../custody/packages/report/words.ts'
import type { DeviceState } from '../foundation/db/words.ts'
import { type RegisteredDevice, type RegisteredPerson, stateNames } from './devices-csv.ts'
import { localTime } from './local-time.ts'

/** A device as GET /devices/SERIAL shows it, with its history. */
export interface DeviceCard extends RegisteredDevice {
  readonly lastHandInAt: string | null
  readonly missing: { readonly files: number; readonly gaps: number }
  readonly waits: { readonly act: string; readonly askedAt: string } | null
  readonly history: readonly {
    readonly at: string
    readonly words: { readonly zh: string; readonly en: string }
    readonly actor: string
    readonly note: string | null
  }[]
}

const statesInEnglish: Readonly<Record<DeviceState, string>> = {
  in_service: 'in service',
  in_repair: 'in repair',
  retired: 'retired',
  lost: 'lost',
  lent: 'lent',
}

/** `SERIAL  kind  model  state  keeper`, one line a device. Pure. */
export function deviceLine(
  { serial, kind, model, state, holderId }: RegisteredDevice,
  people: readonly RegisteredPerson[],
  language: 'zh' | 'en',
): string {
  const words =
    language === 'zh'
      ? [deviceKindName(kind), model ?? '-', stateNames[state]]
      : [kind, model ?? '-', statesInEnglish[state]]
  const holder = people.find(({ id }) => id === holderId)?.account ?? holderId
  const keeper = holder ?? (language === 'zh' ? '单位保管' : 'kept by the unit')
  return [serial, ...words, keeper].join('  ')
}

/** The line of the list; what is missing; the acts, the newest first. Pure. */
export function deviceCardLines(
  card: DeviceCard,
  people: readonly RegisteredPerson[],
  language: 'zh' | 'en',
): string[] {
  const { registeredAt, lastHandInAt, missing, waits, history } = card
  const at = (time: string | null) => (time === null ? '-' : localTime(time))
  const facts =
    language === 'zh'
      ? [
          `登记 ${at(registeredAt)}  最近交存 ${at(lastHandInAt)}`,
          `未交存 ${missing.files} 个文件  未了结 ${missing.gaps} 处中断`,
          ...(waits ? [`待另一人确认：${waits.act}  ${at(waits.askedAt)}`] : []),
        ]
      : [
          `registered ${at(registeredAt)}  last handed in ${at(lastHandInAt)}`,
          `missing: ${missing.files} files  open gaps: ${missing.gaps}`,
          ...(waits ? [`waits for another person: ${waits.act}  ${at(waits.askedAt)}`] : []),
        ]
  const nameOf = (actor: string) => people.find(({ id }) => id === actor)?.account ?? actor
  const acts = history.map(({ at: time, words, actor, note }) =>
    [at(time), words[language], nameOf(actor), ...(note === null ? [] : [note])].join('  '),
  )
  return [deviceLine(card, people, language), ...facts, ...acts]
}
