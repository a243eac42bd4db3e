import type { DeskMedium } from '../sources/card-desk.ts'
import type { SaidBy } from '../spool/records.ts'
import { shortened } from './shortened.ts'

const deviceKindWords: Readonly<Record<string, string>> = {
  recorder: '执法记录仪',
  camera: '录像机',
  audio_pen: '录音笔',
  drone: '航拍器',
}

/** How it is known who imports: what somebody tapped is a claim. */
const gradeWords: Readonly<Partial<Record<SaidBy['grade'], string>>> = {
  slot: '点选姓名，未核验',
  card: '凭卡',
  code: '凭码',
}

/** Of a medium that is said to be of a recorder or another device of the bureau. */
export const likePhoneWords = '介质的文件夹与手机相同'

/** As long as a list's origin may be. */
export const originCharsMax = 200

interface Person {
  readonly id: string
  readonly name: string
}

/** What the signed list says of an import: 由〈姓名〉从〈设备〉取出存储卡导入. */
export function importWords(one: {
  readonly medium: DeskMedium['kind']
  readonly person: Person & { readonly number: string | null }
  readonly grade: SaidBy['grade']
  readonly serial: string
  readonly deviceKind: string
  /** Whose device it is by the register. */
  readonly keeper: Person | null
  readonly isLikePhone: boolean
}): string {
  const { person, grade, serial, deviceKind, medium } = one
  const isPhone = deviceKind === 'phone'
  const who = [person.number, gradeWords[grade] ?? null].filter((words) => words !== null).join('，')
  const device = isPhone ? phoneWords(person, one.keeper) : (deviceKindWords[deviceKind] ?? '设备')
  const way = { card: '取出存储卡导入', cable: '用数据线导入', folder: '用配套程序导出后导入' }[medium]
  const remarks = [...(isPhone ? ['非执法专用设备拍摄'] : []), ...(one.isLikePhone && !isPhone ? [likePhoneWords] : [])]
  const text = [
    `由${person.name}${who === '' ? '' : `（${who}）`}从${device} ${serial} ${isPhone && medium === 'folder' ? '导出后导入' : way}`,
    ...remarks,
  ].join('，')
  return shortened(text, originCharsMax)
}

function phoneWords(person: Person, keeper: Person | null): string {
  if (keeper === null) return '手机'
  return keeper.id === person.id ? '本人手机' : `${keeper.name}的手机`
}
