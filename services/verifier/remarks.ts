import { type CodeWords, words } from './words.ts'

/**
 * What weakens the proof of a package that is accepted, and does not make it rejected: services/ledger/DESIGN.md §7, in its
 * order, the weakest proof first.
 */
export const remarkWords = {
  witness_not_asked: words(
    '核验公钥文件不要求外部见证',
    'the trust file asks for no witness',
    '仅凭流转日志运营单位自己的签名：该单位仍可能独自另写一份历史。',
    'It rests on the signature of the operator of the ledger alone, who could have written another history by himself.',
  ),
  timestamp_missing: words(
    '没有第三方时间戳',
    'there is no time-stamp of an outside authority',
    '没有时间戳服务机构证明存证节点何时已经存在。',
    'No time-stamp authority shows by when the checkpoint existed.',
  ),
  cosignature_before_event: words(
    '外部见证单位签名所写时间早于其所覆盖的流转事件',
    'a cosignature states a time before that of an event that it covers',
    '二者之中必有一个时间有误：不要依据这一见证时间。',
    'One of the two times is wrong: do not rely on the time of this cosignature.',
  ),
  cosignature_in_future: words(
    '外部见证单位签名所写时间晚于本机当前时间',
    'a cosignature states a time in the future of this computer',
    '见证单位或本机的时钟有误：不要依据这一见证时间。',
    "The witness's clock or that of this computer is wrong: do not rely on the time of this cosignature.",
  ),
  recording_not_listed: words(
    '有音像资料不在采集站签署的交存单上',
    'a recording stands on no list that a dock signed',
    '对这些音像资料，不能依据交存单认定它们就是采集站当时从设备读出的文件：不在单上，校验值与单上所列不同，或同一行对应不止一份资料。',
    'That a dock read these files from the device does not follow from any list that is shown: they stand on none, have another digest than the dock said, or share one line.',
  ),
  recording_listed_by_name: words(
    '有音像资料在交存单上只列文件名和大小，未列校验值',
    "a recording stands on a dock's list by name and size only, without a digest",
    '采集站签署交存单时尚未读取这些文件，读取后也未签署其校验值：不能证明入库的内容就是单上的那个文件。',
    'The dock had not read these files when it signed its list, and signed no digest when it had: that what was sealed are the bytes of that file is not shown.',
  ),
  clearing_unproven: words(
    '设备上的原文件已清空，而所示流转事件不足以说明凭据',
    'a file was removed from its device, and the events do not show on what',
    '清空登记所指的位置没有该资料的交存回执，校验值不同，或其清空前登记不在其前：不能依据本材料认定清空时已有回执。',
    'At the place that it names there is no receipt of that recording, or one with another digest, or its announcement was not entered before: that the receipt was there when the file went is not shown.',
  ),
  clearing_outcome_unknown: words(
    '设备上的原文件是否已清空不明',
    'whether a file was removed from its device is not known',
    '采集站登记清空后一直没有结束登记，经两人办理不再等待：原文件可能仍在设备上，也可能已不在。',
    'Its dock announced the removal and never said how it ended; two people gave it up. The file may be on the device still, or be gone.',
  ),
  third_signature_unconfirmed: words(
    '有事项依据第三方签署办理，而该签署未按期核对',
    'an act rests on a third signature that was not confirmed, or not in time',
    '该签署加入后即时生效；截至存证节点，没有另一人按期核对属实。',
    'It counted at once; up to the checkpoint nobody else had confirmed in time that it is genuine.',
  ),
  third_signature: words(
    '有事项依据第三方签署办理，该签署已按期核对',
    'an act rests on a third signature, which was confirmed in time',
    '签署人不是本系统账号：所证明的是有人加入、另有一人核对，不是签署人本人操作。',
    'Whoever gave it has no account: proven is that one person added it and another confirmed it, not that he gave it himself.',
  ),
  contents_entered_again: words(
    '本材料的内容在制成之前登记过不止一次',
    'the contents of this package were entered more than once before it was built',
    '制作中断后重新开始时会再次登记，以最后一次为准；以前各次登记的内容不在本材料内。',
    'A making that begins again enters them again, and the last time counts; what was entered before is not in this package.',
  ),
  loose_events: words(
    '有登记类流转事件写于单独成册之前，只能逐条出示',
    'acts of registers from before registers had subjects of their own are shown one by one',
    '这些流转事件属实，但不能证明同类流转事件再无其他。',
    'They are genuine, but nothing shows that there are no others of their kind.',
  ),
  copies_on_one_host: words(
    '有音像资料的各份都存放在同一台主机上',
    'all copies of a recording lie on one host',
    '一台主机损坏或被控制，即可同时影响原始件和备份。',
    'One failure, or one person who controls that host, reaches all of them.',
  ),
  viewing_unwitnessed: words(
    '有调阅是在外部见证中断期间进行的',
    'a viewing was opened while the ledger had gone unwitnessed for too long',
    '当时这些流转事件尚无外部见证单位签名，之后才被覆盖。',
    'At that time no witness had signed these events yet; they were covered only later.',
  ),
} as const satisfies Record<string, CodeWords>

export type RemarkCode = keyof typeof remarkWords

/** All codes of remarks, the weakest proof first. */
export const remarksInOrder = Object.keys(remarkWords) as readonly RemarkCode[]

export interface Remark {
  readonly code: RemarkCode
  /** What it is about: cosignatures with their times, recordings, acts, viewings. Empty when it is about the whole package. */
  readonly places: readonly string[]
}
