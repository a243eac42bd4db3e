import type { LedgerCode } from '../ledger/verify/finding.ts'
import { type CodeWords, words } from './words.ts'

/** The faults of checkpoint, tree, subjects, events and proofs and statements (stages 2 to 5), in the order of services/ledger/DESIGN.md §7. */
export const ledgerWords = {
  checkpoint_malformed: words(
    '检查点不合格式',
    'the checkpoint cannot be read',
    '没有检查点就没有可对照的台账；台账与影像均未核验。',
    'Without it there is no ledger to check against; ledger and footage were not checked.',
  ),
  checkpoint_origin: words(
    '检查点属于另一份台账',
    'the checkpoint is of another log',
    '它不是信任文件所指的台账；台账与影像均未核验。',
    'It is not the log that the trust file names; ledger and footage were not checked.',
  ),
  checkpoint_signature: words(
    '检查点没有受信密钥的有效签名',
    'the checkpoint has no valid signature of a trusted log key',
    '台账运营方没有为这一状态签字，或签字后被改动；台账与影像均未核验。',
    'The log did not sign this state, or it was changed afterwards; ledger and footage were not checked.',
  ),
  cosignature_invalid: words(
    '见证方的签名无效',
    'a cosignature of a known witness does not verify',
    '有人冒用见证方名义，或见证签名后检查点被改动。',
    "Somebody used the witness's name, or the checkpoint was changed after it was witnessed.",
  ),
  quorum_missing: words(
    '有效见证方数不足',
    'too few valid cosignatures for the quorum',
    '没有足够的外部见证，台账运营方仍可能另写一份历史。',
    'Without enough outside witnesses the operator could still have written another history.',
  ),
  tile_missing: words(
    '台账缺少一块',
    'a tile or entry bundle of the ledger is missing',
    '台账不完整，无法证明没有漏掉事件；事件与影像均未核验。',
    'The ledger is incomplete: that no event is missing cannot be shown; events and footage were not checked.',
  ),
  bundle_malformed: words(
    '台账的条目块无法读取',
    'an entry bundle of the ledger cannot be read',
    '台账条目损坏；事件与影像均未核验。',
    'Entries of the ledger are damaged; events and footage were not checked.',
  ),
  leaf_differs: words(
    '台账条目被改动：与哈希树不符',
    'an entry of the ledger is not the one whose hash the tree holds',
    '这一条目在入账之后被改过或被替换。',
    'This entry was changed or replaced after it was entered.',
  ),
  root_differs: words(
    '台账与签署的树根不符',
    'entries and tiles do not lead to the signed root',
    '这些条目不是检查点所签署的那一份台账。',
    'These entries are not the ledger that the checkpoint was signed for.',
  ),
  tile_differs: words(
    '哈希块与其下的条目不符',
    'a tile holds another hash than what lies below it',
    '条目本身与树根相符，但这一块被改动过。',
    'The entries themselves lead to the root, but this tile was changed.',
  ),
  leaf_malformed: words(
    '台账条目不合格式',
    'an entry of the ledger is not a leaf',
    '台账运营方签入了一条不合格式的条目，可能隐藏了事件的关联。',
    'The log signed an entry that is none: it may hide what an event is about.',
  ),
  subject_twice: words(
    '同一对象列出了两次，可能有两个密值',
    'a subject is listed twice, as with a second secret',
    '两个密值可以把同一案件的事件分成两份台账来隐藏。',
    'Two secrets could split the events of one case into two chains and hide one.',
  ),
  secret_differs: words(
    '对象的密值不是台账密钥给出的那一个',
    "a subject's secret is not the one that the log's VRF key gives",
    '用别的密值查找，会看不到这一对象的真实事件。',
    'Whoever looks with another secret does not see the true events of this subject.',
  ),
  event_twice: words(
    '同一序号的事件列出了两次',
    'an event is listed twice',
    '事件列表自相矛盾。',
    'The list of events contradicts itself.',
  ),
  body_differs: words(
    '事件正文被改动',
    'the body of an event is not the one the ledger committed',
    '这一事件的内容不是当时入账的内容。',
    'What this event says is not what was entered.',
  ),
  salt_differs: words(
    '事件的盐值与台账承诺不符',
    'the body agrees with its digest, but with this salt the ledger committed nothing',
    '盐值被改动，或者正文与其摘要一起被改动；无法证明这一事件曾入账。',
    'The salt was changed, or body and digest together; that this event was entered is not proven.',
  ),
  index_differs: words(
    '事件在台账中的序号被改动',
    'an event stands in the ledger under another index',
    '正文与盐值属实，但它不在所说的位置。',
    'Body and salt are genuine, but it does not stand where it is said to.',
  ),
  body_malformed: words(
    '入账的正文不是合格的事件',
    'a committed body is no event',
    '台账运营方签入的这一内容无法作为事件解读。',
    'What the log signed here cannot be read as an event.',
  ),
  order_differs: words(
    '事件的顺序与台账不符',
    'the events are not in the order of the ledger',
    '展示的先后顺序不可信。',
    'The order in which they are shown cannot be relied on.',
  ),
  link_missing: words(
    '事件所在条目没有其对象的标记',
    'the leaf of an event does not carry the tag of its subject',
    '台账没有把这一事件计入该对象的编号。',
    'The log did not count this event among those of its subject.',
  ),
  number_twice: words(
    '台账给同一对象的两个事件编了同一号码',
    'the ledger gave one number of a subject to two events',
    '台账运营方可能曾收回号码以隐藏事件。',
    'The operator may have taken a number back to hide an event.',
  ),
  number_missing: words(
    '台账跳过了对象的一个号码',
    'the ledger skips a number of a subject',
    '可能有一个事件没有计入台账。',
    'An event may have been kept out of the ledger.',
  ),
  event_missing: words(
    '中间缺少事件',
    'an event in the middle is not shown',
    '台账里有这一对象的事件，举证包没有出示，而其后的事件却有。',
    'The ledger holds an event of this subject that the package leaves out, while later ones are shown.',
  ),
  last_event_missing: words(
    '末尾缺少事件',
    'the last events of a subject are not shown',
    '台账里这一对象还有更晚的事件，举证包没有出示。',
    'The ledger holds later events of this subject that the package leaves out.',
  ),
  subject_missing: words(
    '应当公开的对象没有公开',
    'a subject that has to be disclosed is not',
    '无法证明这一案件、录像、上传、调阅或登记没有漏掉事件。',
    'That no event of this case, recording, upload, viewing or register is missing cannot be shown.',
  ),
  subject_extra: words(
    '公开了不属于本案的对象',
    'a subject of another case is disclosed',
    '举证包混入了别的案件的录像、事件或其他对象。',
    'The package mixes in recordings, events or other things of another case.',
  ),
  event_extra: words(
    '有与本案无关的事件',
    'an event is about none of the disclosed subjects',
    '举证包出示了不属于它的事件。',
    'The package shows an event that does not belong to it.',
  ),
  proof_missing: words(
    '缺少事件的证明文件',
    'the proof of an event is not there',
    '这一事件无法脱离整份台账单独证明。',
    'This event cannot be proven by itself, without the whole ledger.',
  ),
  proof_differs: words(
    '事件的证明文件不成立',
    'the proof of an event does not hold under this checkpoint',
    '这一证明文件不能证明该事件已入账。',
    'This proof does not show that the event was entered.',
  ),
  time_runs_back: words(
    '流转事件的时间与其在流转日志中的次序相反',
    'the time of an event is before that of an event that was entered earlier',
    '流转日志按先后次序登记：后登记的事件却写了更早的时间，不要相信这一时间。',
    'The ledger enters events as they come: one that came later states an earlier time, which is not to be believed.',
  ),
  loose_extra: words(
    '附带出示的旧流转事件不属于本案人员、设备或交存的登记',
    'an older event is shown that is none of the registers of the case',
    '这一事件与本案无关，或本应按登记完整出示。',
    'It has nothing to do with the case, or belongs among the events that are shown whole.',
  ),
  statement_differs: words(
    '签署的内容与流转事件不符',
    'what a person signed is not what the event says, or not what was put up for signature',
    '不能认为这个人签署的就是这一事项。',
    'That this person signed this matter cannot be relied on.',
  ),
} as const satisfies Record<
  LedgerCode | 'cosignature_invalid' | 'quorum_missing' | 'proof_missing' | 'proof_differs' | 'time_runs_back',
  CodeWords
>
