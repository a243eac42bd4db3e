import { ledgerWords } from './ledger-words.ts'
import { type CodeWords, words } from './words.ts'

/** Every fault of services/ledger/DESIGN.md §7 in its order: the first one found is the main fault. */
export const codes = {
  container_malformed: words(
    '打不开：不是一个合格的压缩包或文件夹',
    'not a readable zip file or folder with one package',
    '文件损坏、路径可疑，或内部有两种读法；里面的内容一概未核验。',
    'It is damaged, holds suspicious paths, or could be read in two ways; nothing in it was checked.',
  ),
  bag_malformed: words(
    '文件清单缺失或不合格式',
    'the bag declaration or a manifest is missing or malformed',
    '无法知道材料内应有哪些文件；内容一概未核验。',
    'What files belong here is unknown; nothing in it was checked.',
  ),
  format_unknown: words(
    '举证材料的格式不是本核验程序所读的版本',
    'the package has a format that this verifier does not read',
    '请用与该格式相应的核验程序，或请制作单位按现行格式重新制作；内容一概未核验。',
    'Use the verifier made for that format, or ask the maker for a package of the current one; nothing in it was checked.',
  ),
  package_malformed: words(
    '举证材料缺少必备文件，或该文件不合格式',
    'a necessary file of the package is missing or malformed',
    '这不是本格式的完整举证材料；内容一概未核验。',
    'This is not a whole package of this format; nothing in it was checked.',
  ),
  ...ledgerWords,
  hand_in_differs: words(
    '交存单不是经两人登记的采集站所签，或所示文件不在单上',
    "a dock's list of files is not signed by a dock that two people had registered, or a line shown is not on it",
    '不能依据交存单认定这些文件就是采集站当时看到并交存的文件。',
    'That these files are those that the dock saw and handed in does not follow from its list.',
  ),
  dock_digest_unsigned: words(
    '入库事件所载采集站校验值的签名不属实',
    'a digest that its dock is said to have signed was not signed by it',
    '不能依据该校验值认定入库的内容就是采集站当时从设备读出的文件。',
    'That what was sealed is what the dock read from the device does not follow from this digest.',
  ),
  recording_differs: words(
    '音像资料清单与流转日志矛盾',
    'the list of recordings contradicts the ledger',
    '清单上的音像资料、大小、校验值或路径不是流转日志所记。',
    'Recording, size, digest or path are not what the ledger says.',
  ),
  media_missing: words(
    '缺少原始件',
    'an original is not there',
    '清单上的原始件不在材料内，无法核验。',
    'An original of the list is not in the package and cannot be checked.',
  ),
  media_differs: words(
    '原始件被改动：与固定入库时的校验值不符',
    'the bytes of an original are not the sealed ones',
    '这不是采集站交存时固定入库的音像资料，哪怕只差一个字节。',
    'This is not the recording that was sealed at docking, be it by a single byte.',
  ),
  rendition_missing: words(
    '缺少播放件',
    'the playable form is not there',
    '应有的播放件不在材料内，或所指的转码从未完成。',
    'The playable form that should be here is not, or its rendition was never finished.',
  ),
  rendition_other_original: words(
    '播放件由别的原始件制成',
    'the playable form is made of another original',
    '播放看到的不是这一原始件的内容。',
    'What it plays is not this original.',
  ),
  rendition_differs: words(
    '播放件被改动：与流转日志所记不符',
    'the playable form is not what the ledger committed',
    '播放看到的不是系统转码并登记的内容。',
    'What it plays is not what was made from the original and entered.',
  ),
  contents_differs: words(
    '材料内的文件不是流转日志所登记的文件',
    'a file of the package is not the one that the ledger committed, or not among those',
    '报告、播放件或其他随附文件在登记之后被换过、增加或取走。',
    'Report, playable forms or other files were changed, added or taken out after they had been entered.',
  ),
  package_differs: words(
    '举证材料说明与存证节点或清单矛盾',
    'package.json contradicts the checkpoint or the recordings',
    '举证材料的自我说明不可信。',
    'What the package says of itself cannot be relied on.',
  ),
  timestamp_malformed: words(
    '时间戳无法读取，或缺少其中一个文件',
    'a time-stamp cannot be read, or one of its two files is missing',
    '这一时间戳什么也证明不了。',
    'This time-stamp proves nothing.',
  ),
  timestamp_imprint: words(
    '时间戳盖的是别的内容',
    'a time-stamp is of other bytes',
    '它不能证明这一存证节点何时存在。',
    'It does not show when this checkpoint existed.',
  ),
  timestamp_signature: words(
    '时间戳没有受信机构的有效签名',
    'a time-stamp is not signed by a trusted authority',
    '这一时间不是核验公钥文件所列机构所证明。',
    'No authority of the trust file vouches for this time.',
  ),
  timestamp_checkpoint: words(
    '时间戳盖的存证节点不属于这份流转日志',
    'a time-stamped checkpoint is not of this ledger',
    '它证明的是另一份流转日志的时间。',
    'It proves the time of another history.',
  ),
  file_missing: words(
    '清单上的文件不在材料内',
    'a file of a manifest is not there',
    '有文件在制作之后丢失或被取走。',
    'A file was lost or taken out after the package was made.',
  ),
  file_added: words(
    '材料内多出文件',
    'a file was added',
    '这一文件不属于本格式，或不在清单之内；不要依赖它。',
    'This file is in no manifest, or has no place in this format: do not rely on it.',
  ),
  file_differs: words(
    '文件与清单的校验值不符',
    'the bytes of a file are not those of the manifest',
    '文件在制作之后被改动。',
    'The file was changed after the package was made.',
  ),
  manifest_differs: words(
    '清单的校验值有误：音像资料本身是固定入库的音像资料',
    'the manifest gives another digest for a medium that is the sealed one',
    '音像资料属实，但清单被改动。',
    'The footage is genuine; the manifest was changed.',
  ),
  container_damaged: words(
    '压缩包已损坏：文件内容与压缩包自身的 CRC-32 不符',
    'the zip file is damaged: a file has another CRC-32 than the zip file says',
    '压缩包在制作之后被改动或损坏；各文件仍逐一核验，被改动的文件另行列出。',
    'It was changed or damaged after it was made; its files were checked all the same, and those that were changed are named.',
  ),
} as const satisfies Record<string, CodeWords>

export type Code = keyof typeof codes

/** All codes, the gravest first. */
export const codesInOrder = Object.keys(codes) as readonly Code[]
