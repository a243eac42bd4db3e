import { plain } from '../../../foundation/plain-text.ts'
import type { Section } from './content.ts'
import type { Reading } from './reading.ts'
import { deviceKindName, shownDeviceTime, shownTime, storeName } from './words.ts'

/**
 * The six questions of 《最高人民法院关于互联网法院审理案件若干问题的规定》第十一条, each answered from what this case's own
 * events and rows say.
 */
export function questionSections(reading: Reading): Section[] {
  const asked: readonly (readonly [string, (reading: Reading) => string[]])[] = [
    ['一、电子数据生成、收集、存储、传输所依赖的计算机系统等硬件、软件环境是否安全、可靠', environment],
    ['二、电子数据的生成主体和时间是否明确，表现内容是否清晰、客观、准确', origin],
    ['三、电子数据的存储、保管介质是否明确，保管方式和手段是否妥当', keeping],
    ['四、电子数据提取和固定的主体、工具和方式是否可靠，提取过程是否可以重现', extraction],
    ['五、电子数据的内容是否存在增加、删除、修改及不完整等情形', changes],
    ['六、电子数据是否可以通过特定形式得到验证', verification],
  ]
  return [
    {
      title: '对真实性审查六个问题的回答',
      blocks: [
        {
          kind: 'text',
          text: '依据《最高人民法院关于互联网法院审理案件若干问题的规定》第十一条所列的六个方面，按本案件自己的记录回答。',
        },
        ...asked.flatMap(([title, answer]) => [
          { kind: 'heading' as const, text: title },
          { kind: 'list' as const, items: answer(reading) },
        ]),
      ],
    },
  ]
}

function environment(reading: Reading): string[] {
  const { facts, subjectOf } = reading
  const seals = sealsOf(reading)
  const devices = unique(seals.map((body) => subjectOf(body, 'device')))
  const docks = unique(seals.map((body) => subjectOf(body, 'dock')))
  const hosts = unique(facts.rows.copies.map(({ hostName }) => hostName))
  const tools = unique(reading.ofKind('rendition.published').map(({ details }) => details.tool))
  return [
    devices.length === 0
      ? '检查点之前没有录像归入本案件。'
      : `生成设备 ${devices.length} 台：${devices.map((serial) => deviceText(reading, serial)).join('、')}。`,
    docks.length === 0 ? '收集：没有采集站的记录。' : `收集：经采集站 ${docks.map(reading.nameOf).join('、')}。`,
    ...(seals.length === 0 ? [] : [listedText(seals)]),
    hosts.length === 0 ? '存储：没有副本。' : `存储：${hosts.map(plain).join('、')}，共 ${hosts.length} 台主机。`,
    '传输中每一段数据与摘要核对；封存、校验、备份由互相独立的进程完成。',
    tools.length === 0
      ? '没有制作可播放件。'
      : `可播放件的工具：${tools.map(plain).join('、')}，在无网络的隔离环境中运行。`,
  ]
}

/** How many of the recordings stood on a list that a dock had signed before it sent them: by what each seal says. */
function listedText(seals: ReturnType<typeof sealsOf>): string {
  const unlisted = seals.filter(({ details }) =>
    details.flags.some((flag) => flag === 'no_list' || flag === 'not_on_list'),
  )
  const listed = seals.length - unlisted.length
  const parts = [
    ...(listed === 0 ? [] : [`${listed} 份在采集站传输前签名的交存单上`]),
    ...(unlisted.length === 0 ? [] : [`${unlisted.length} 份不在任何签名的交存单上`]),
  ]
  return `交存单：${parts.join('，')}。`
}

function origin(reading: Reading): string[] {
  const seals = sealsOf(reading)
  if (seals.length === 0) return ['没有录像。']
  return seals.map((body) => {
    const officer = reading.subjectOf(body, 'person')
    const { clockOffsetMs: offsetMs, correctedTime } = body.details
    const who = officer ? `使用人 ${reading.nameOf(officer)}` : '使用人未能确定'
    const offset = offsetMs === null ? '时钟偏差未测得' : `采集时测得时钟偏差 ${(offsetMs / 1000).toFixed(1)} 秒`
    const times = `设备时间 ${shownDeviceTime(body.details)}，${offset}，校正后 ${shownTime(correctedTime)}`
    const number = reading.numberOf(reading.subjectOf(body, 'recording') ?? '')
    return `${number}：设备 ${plain(reading.subjectOf(body, 'device') ?? '—')}，${who}；${times}；封存于 ${shownTime(body.at)}。`
  })
}

function keeping(reading: Reading): string[] {
  const { facts } = reading
  const copies = facts.rows.copies
  const verified = copies.filter(({ state }) => state === 'verified').length
  const byStore = unique(copies.map(({ store }) => store)).map(
    (store) => `${storeName(store)} ${copies.filter((copy) => copy.store === store).length} 份`,
  )
  const until = copies.map(({ retainUntil }) => retainUntil).sort((a, b) => a.getTime() - b.getTime())[0]
  const opened = reading.countOf('viewing.opened')
  return [
    `每份录像一份原件、两份备份：${byStore.join('，') || '无'}；其中 ${verified} 份读回后与封存摘要一致。`,
    until
      ? `对象版本以合规模式锁定并附法律保留，最早的锁定到期为 ${shownTime(until)}；到期前任何人（含管理员）不能删除或改写。`
      : '没有锁定的副本。',
    `由唯一的资料管理员保管和调阅：检查点之前共调阅 ${opened} 次，全部列于“调阅记录”。`,
    ...reading.bodies
      .filter(({ kind }) => kind === 'recording.damaged')
      .map((body) => `${shownTime(body.at)} ${reading.summaryOf(body)}：副本异常，已记录并告警。`),
  ]
}

function extraction(reading: Reading): string[] {
  const { facts } = reading
  const published = reading.ofKind('rendition.published')
  const commands = unique(published.map(({ details }) => details.flags.join(' ')))
  return [
    `提取：${facts.madeHow}`,
    `提取人 ${plain(facts.madeBy.name)}，提取时间 ${shownTime(facts.madeAt)}，提取和下载本身也是台账事件。`,
    '重现：任何人以同一检查点、同一案件编号重做，得到的原始文件、事件、证明逐字节相同；可播放件由台账所列文件依次相接而成。',
    ...(commands.length === 0
      ? []
      : [`可播放件的制作参数：${commands.map((one) => plain(one).slice(0, 300)).join('；')}。原始文件始终是证据。`]),
  ]
}

function changes(reading: Reading): string[] {
  const { facts } = reading
  const verified = reading.countOf('recording.verified')
  const listed = sealsOf(reading).filter(({ details }) => details.listedSha256 !== null)
  const same = listed.filter(({ details }) => details.listedSha256 === details.sha256).length
  const counts = [
    'recording.damaged',
    'recording.quarantined',
    'recording.detached',
    'upload.terminated',
    'upload.expired',
  ] as const
  const [damaged, quarantined, detached, terminated, expired] = counts.map((kind) => reading.countOf(kind))
  return [
    `采集站清单给出摘要的 ${listed.length} 份，其中与封存摘要一致 ${same} 份；封存后独立校验一致 ${verified} 次。`,
    facts.withFootage
      ? `随包原始文件 ${facts.recordings.filter((one) => one.hasOriginal).length} 份，读出时逐份与封存摘要核对一致。`
      : '本包不含录像内容，不涉及内容的增减。',
    `副本异常 ${damaged} 次，隔离 ${quarantined} 份，移出案件 ${detached} 次，取消上传 ${terminated} 次，上传过期 ${expired} 次；逐条列于“发现的问题与缺口”。`,
    `本案件的 ${facts.closure.events.length} 条事件在台账中连续编号：第 1 条到最后一条均在包内，之后没有更多，由核验程序按序号标签查证。`,
    '采集之前（设备内）是否有过增删，本系统不能证明。',
  ]
}

function verification(reading: Reading): string[] {
  const { checkpoint, timestamps } = reading.facts
  const witnesses = checkpoint.cosignatures.map(({ name }) => plain(name)).join('、')
  return [
    '摘要：每份原始文件有 SHA-256 与 SM3；每条事件的加盐承诺写入默克尔树（RFC 6962）。',
    `电子签名：检查点（${checkpoint.size} 条记录）由台账签名；${witnesses === '' ? '尚无见证方签名' : `见证方 ${witnesses} 另行签名`}。`,
    timestamps.length === 0
      ? '可信时间戳：尚无。'
      : `可信时间戳（RFC 3161）${timestamps.length} 份，最早 ${shownTime(timestamps.map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime())[0])}。`,
    '完整性：每个主体的事件带有只有台账密钥才能生成的序号标签（VRF），披露后任何人可查证无缺漏。',
    '以上均可离线核验，不依赖本单位的任何系统，方法见“如何核验”。',
  ]
}

function sealsOf(reading: Reading) {
  return reading.facts.recordings.map(({ sealed }) => sealed)
}

function deviceText(reading: Reading, serial: string): string {
  const device = reading.facts.rows.devices.get(serial)
  return plain(`${device ? deviceKindName(device.kind) : '未登记设备'} ${serial}`)
}

function unique(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value): value is string => value !== null && value !== ''))]
}
