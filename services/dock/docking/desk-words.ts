import type { DeskMedium } from '../sources/card-desk.ts'

const deviceKindWords: Readonly<Record<string, string>> = {
  recorder: '执法记录仪',
  camera: '录像机',
  audio_pen: '录音笔',
  drone: '航拍器',
  phone: '本人手机',
}

/** As long as a list's origin may be. */
const wordsMax = 200

/** What the signed list says of an import: 由〈姓名〉从〈设备〉取出存储卡导入. */
export function importWords(one: {
  readonly medium: DeskMedium['kind']
  readonly person: { readonly name: string; readonly number: string | null }
  readonly serial: string
  readonly deviceKind: string
}): string {
  const { person, serial, deviceKind } = one
  const who = `由${person.name}${person.number === null ? '' : `（${person.number}）`}`
  const device = `${deviceKindWords[deviceKind] ?? '设备'} ${serial}`
  const way = { card: '取出存储卡导入', cable: '用数据线导入', folder: '用配套程序导出后导入' }[one.medium]
  const remark = deviceKind === 'phone' ? '，非执法专用设备拍摄' : ''
  return `${who}从${device} ${deviceKind === 'phone' && one.medium === 'folder' ? '导出后导入' : way}${remark}`.slice(
    0,
    wordsMax,
  )
}
