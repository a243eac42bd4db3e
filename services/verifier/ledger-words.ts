import type { LedgerCode } from '../ledger/verify/finding.ts'
import { type CodeWords, words } from './words.ts'

/** The faults of checkpoint, tree, subjects, events and proofs and statements (stages 2 to 5), in the order of services/ledger/DESIGN.md §7. */
export const ledgerWords = {
  checkpoint_malformed: words(
    '存证节点不合格式',
    'the checkpoint cannot be read',
    '没有存证节点就没有可对照的流转日志；流转日志与音像资料均未核验。',
    'Without it there is no ledger to check against; ledger and footage were not checked.',
  ),
  checkpoint_origin: words(
    '存证节点属于另一份流转日志',
    'the checkpoint is of another log',
    '它不是核验公钥文件所指的流转日志；流转日志与音像资料均未核验。',
    'It is not the log that the trust file names; ledger and footage were not checked.',
  ),
  checkpoint_signature: words(
    '存证节点没有受信密钥的有效签名',
    'the checkpoint has no valid signature of a trusted log key',
    '流转日志运营单位没有为这一状态签字，或签字后被改动；流转日志与音像资料均未核验。',
    'The log did not sign this state, or it was changed afterwards; ledger and footage were not checked.',
  ),
  cosignature_invalid: words(
    '外部见证单位的签名无效',
    'a cosignature of a known witness does not verify',
    '有人冒用外部见证单位名义，或见证签名后存证节点被改动。',
    "Somebody used the witness's name, or the checkpoint was changed after it was witnessed.",
  ),
  quorum_missing: words(
    '有效的外部见证单位不足',
    'too few valid cosignatures for the quorum',
    '没有足够的外部见证，流转日志运营单位仍可能另写一份历史。',
    'Without enough outside witnesses the operator could still have written another history.',
  ),
  tile_missing: words(
    '流转日志缺少一块',
    'a tile or entry bundle of the ledger is missing',
    '流转日志不完整，无法证明没有漏掉流转事件；流转事件与音像资料均未核验。',
    'The ledger is incomplete: that no event is missing cannot be shown; events and footage were not checked.',
  ),
  bundle_malformed: words(
    '流转日志的条目块无法读取',
    'an entry bundle of the ledger cannot be read',
    '流转日志条目损坏；流转事件与音像资料均未核验。',
    'Entries of the ledger are damaged; events and footage were not checked.',
  ),
  leaf_differs: words(
    '流转日志条目被改动：与哈希树不符',
    'an entry of the ledger is not the one whose hash the tree holds',
    '这一条目在登记之后被改过或被替换。',
    'This entry was changed or replaced after it was entered.',
  ),
  root_differs: words(
    '流转日志与签署的树根不符',
    'entries and tiles do not lead to the signed root',
    '这些条目不是存证节点所签署的那一份流转日志。',
    'These entries are not the ledger that the checkpoint was signed for.',
  ),
  tile_differs: words(
    '哈希块与其下的条目不符',
    'a tile holds another hash than what lies below it',
    '条目本身与树根相符，但这一块被改动过。',
    'The entries themselves lead to the root, but this tile was changed.',
  ),
  leaf_malformed: words(
    '流转日志条目不合格式',
    'an entry of the ledger is not a leaf',
    '流转日志运营单位签入了一条不合格式的条目，可能隐藏了流转事件的关联。',
    'The log signed an entry that is none: it may hide what an event is about.',
  ),
  subject_twice: words(
    '同一对象列出了两次，可能有两个密值',
    'a subject is listed twice, as with a second secret',
    '两个密值可以把同一案件的流转事件分成两份流转日志来隐藏。',
    'Two secrets could split the events of one case into two chains and hide one.',
  ),
  secret_differs: words(
    '对象的密值不是流转日志密钥给出的那一个',
    "a subject's secret is not the one that the log's VRF key gives",
    '用别的密值查找，会看不到这一对象的真实流转事件。',
    'Whoever looks with another secret does not see the true events of this subject.',
  ),
  event_twice: words(
    '同一序号的流转事件列出了两次',
    'an event is listed twice',
    '流转事件列表自相矛盾。',
    'The list of events contradicts itself.',
  ),
  body_differs: words(
    '流转事件正文被改动',
    'the body of an event is not the one the ledger committed',
    '这一流转事件的内容不是当时登记的内容。',
    'What this event says is not what was entered.',
  ),
  salt_differs: words(
    '流转事件的盐值与流转日志承诺不符',
    'the body agrees with its digest, but with this salt the ledger committed nothing',
    '盐值被改动，或者正文与其校验值一起被改动；无法证明这一流转事件曾登记。',
    'The salt was changed, or body and digest together; that this event was entered is not proven.',
  ),
  index_differs: words(
    '流转事件在流转日志中的序号被改动',
    'an event stands in the ledger under another index',
    '正文与盐值属实，但它不在所说的位置。',
    'Body and salt are genuine, but it does not stand where it is said to.',
  ),
  body_malformed: words(
    '登记的正文不是合格的流转事件',
    'a committed body is no event',
    '流转日志运营单位签入的这一内容无法作为流转事件解读。',
    'What the log signed here cannot be read as an event.',
  ),
  order_differs: words(
    '流转事件的顺序与流转日志不符',
    'the events are not in the order of the ledger',
    '展示的先后顺序不可信。',
    'The order in which they are shown cannot be relied on.',
  ),
  link_missing: words(
    '流转事件所在条目没有其对象的标记',
    'the leaf of an event does not carry the tag of its subject',
    '流转日志没有把这一流转事件计入该对象的编号。',
    'The log did not count this event among those of its subject.',
  ),
  number_twice: words(
    '流转日志给同一对象的两个流转事件编了同一号码',
    'the ledger gave one number of a subject to two events',
    '流转日志运营单位可能曾收回号码以隐藏流转事件。',
    'The operator may have taken a number back to hide an event.',
  ),
  number_missing: words(
    '流转日志跳过了对象的一个号码',
    'the ledger skips a number of a subject',
    '可能有一个流转事件没有计入流转日志。',
    'An event may have been kept out of the ledger.',
  ),
  event_missing: words(
    '中间缺少流转事件',
    'an event in the middle is not shown',
    '流转日志里有这一对象的流转事件，举证材料没有出示，而其后的流转事件却有。',
    'The ledger holds an event of this subject that the package leaves out, while later ones are shown.',
  ),
  last_event_missing: words(
    '末尾缺少流转事件',
    'the last events of a subject are not shown',
    '流转日志里这一对象还有更晚的流转事件，举证材料没有出示。',
    'The ledger holds later events of this subject that the package leaves out.',
  ),
  subject_missing: words(
    '应当公开的对象没有公开',
    'a subject that has to be disclosed is not',
    '无法证明这一案件、音像资料、上传、调阅或登记没有漏掉流转事件。',
    'That no event of this case, recording, upload, viewing or register is missing cannot be shown.',
  ),
  subject_extra: words(
    '公开了不属于本案的对象',
    'a subject of another case is disclosed',
    '举证材料混入了别的案件的音像资料、流转事件或其他对象。',
    'The package mixes in recordings, events or other things of another case.',
  ),
  event_extra: words(
    '有与本案无关的流转事件',
    'an event is about none of the disclosed subjects',
    '举证材料出示了不属于它的流转事件。',
    'The package shows an event that does not belong to it.',
  ),
  proof_missing: words(
    '缺少流转事件的证明文件',
    'the proof of an event is not there',
    '这一流转事件无法脱离整份流转日志单独证明。',
    'This event cannot be proven by itself, without the whole ledger.',
  ),
  proof_differs: words(
    '流转事件的证明文件不成立',
    'the proof of an event does not hold under this checkpoint',
    '这一证明文件不能证明该流转事件已登记。',
    'This proof does not show that the event was entered.',
  ),
  time_runs_back: words(
    '流转事件的时间与其在流转日志中的次序相反',
    'the time of an event is before that of an event that was entered earlier',
    '流转日志按先后次序登记：后登记的流转事件却写了更早的时间，不要相信这一时间。',
    'The ledger enters events as they come: one that came later states an earlier time, which is not to be believed.',
  ),
  loose_extra: words(
    '附带出示的旧流转事件不属于本案人员、设备或交存的登记',
    'an older event is shown that is none of the registers of the case',
    '这一流转事件与本案无关，或本应按登记完整出示。',
    'It has nothing to do with the case, or belongs among the events that are shown whole.',
  ),
  event_repeated: words(
    '只能发生一次的事项在流转日志中登记了两次',
    'what happens once was entered twice',
    '后一流转事件不是由系统正常登记的，或者改写了前一流转事件所说的姓名、公钥或文件。',
    'The later event was not written in the ordinary way, or replaces the name, the key or the file of the first one.',
  ),
  statement_differs: words(
    '签署缺失，或与流转事件、与他人提出的事项不符',
    'what a person signed is missing, not what the event says, or not what another person had put up',
    '不能认为这个人签署的就是这一事项。',
    'That this person signed this matter cannot be relied on.',
  ),
} as const satisfies Record<
  LedgerCode | 'cosignature_invalid' | 'quorum_missing' | 'proof_missing' | 'proof_differs' | 'time_runs_back',
  CodeWords
>
