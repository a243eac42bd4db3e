import type { ClearingBasis } from '../../../../foundation/db/words.ts'
import { plain } from '../../../../foundation/plain-text.ts'
import type { EventBody } from '../../../../ledger/format/entry.ts'
import { eventOf } from '../../../events/read.ts'
import { carrierSentences, clearedText, clearingsOf, keptCardOf, keptText } from '../carrier.ts'
import type { Reading } from '../reading.ts'
import { shownTime } from '../words.ts'
import { different, saidTogether, sentence } from './sentence.ts'

const copiesWanted = 3

/** 三: where it is kept, and who came near it. */
export const keeping = [
  sentence('three_copies', (reading) => {
    const { recordings } = reading.facts
    if (recordings.length === 0 || recordings.some(({ id }) => verifiedCopies(reading, id) < copiesWanted)) return null
    return '每份音像资料有原始件、备份甲、备份乙，事件载明三份都读回并与入库校验值一致。'
  }),
  sentence('secured', (reading) => {
    const { recordings } = reading.facts
    const isSecured = ({ id, sha256 }: { readonly id: string; readonly sha256: string }) =>
      reading.about(id).some((body) => eventOf(body, 'recording.secured')?.details.sha256 === sha256)
    return recordings.length > 0 && recordings.every(isSecured) ? '每份音像资料都有“一存两备已完成”的事件。' : null
  }),
  sentence('fewer_copies', (reading) =>
    saidTogether(reading, ({ id }) => {
      const verified = verifiedCopies(reading, id)
      if (verified >= copiesWanted) return null
      return `：事件载明每份资料只有 ${verified} 份存放读回后与入库校验值一致（应为 ${copiesWanted} 份）。`
    }),
  ),
  sentence('original_medium', (reading) =>
    saidTogether(reading, ({ id }) => {
      const said = reading.askedOf(id)?.originalMedium
      return said === undefined ? null : `的原始载体（申请人填写，系统未核实）：${plain(said)}。`
    }),
  ),
  sentence('original_cleared', (reading) => clearedOn(reading, 'witnessed')),
  sentence('original_cleared_before_witness', (reading) => clearedOn(reading, 'before_witness')),
  sentence('original_card_kept', (reading) =>
    saidTogether(reading, (recording) => {
      const kept = keptCardOf(reading, recording)
      return kept && `的${keptText(reading, kept)}。`
    }),
  ),
  sentence('original_medium_missing', (reading) =>
    saidTogether(reading, (recording) =>
      reading.askedOf(recording.id)?.originalMedium === undefined && carrierSentences(reading, recording).length === 0
        ? '：原始载体在何处，或者为何不能提供，申请时没有填写，系统也没有记录。'
        : null,
    ),
  ),
  sentence('locked', (reading) => {
    const ends = lockEnds(reading)
    if (ends === null) return null
    return `每份存放的事件都载明该版本已设防删改锁定；所载最早的锁定期至 ${shownTime(ends[0])}。锁定由存储系统执行，本材料不能另行证明。`
  }),
  sentence('not_all_locked', (reading) => {
    const copies = allCopies(reading)
    const unlocked = copies.filter((one) => !isLocked(reading, one)).length
    if (unlocked === 0) return null
    return `${copies.length} 份存放中有 ${unlocked} 份，事件没有载明当时仍有效的防删改锁定。`
  }),
  sentence('custodian_viewings', (reading) => {
    const opened = viewingsOpened(reading)
    if (opened.length === 0 || opened.some(({ actorRole }) => actorRole !== 'custodian')) return null
    const who = different(opened.map(({ actor }) => reading.nameOf(actor))).join('、')
    return `共调阅 ${opened.length} 次，都由资料管理员（${who}）进行，逐次列于“调阅记录”。`
  }),
  sentence('other_viewings', (reading) => {
    const others = viewingsOpened(reading).filter(({ actorRole }) => actorRole !== 'custodian')
    if (others.length === 0) return null
    const who = different(others.map((body) => reading.actorOf(body))).join('、')
    return `另有 ${others.length} 次调阅不由资料管理员进行：${who}。`
  }),
  sentence('no_viewings', (reading) =>
    reading.facts.recordings.length > 0 && viewingsOpened(reading).length === 0
      ? '本报告写成时没有调阅本案件音像资料的事件。'
      : null,
  ),
  sentence('administrator_no_media', (reading) => {
    const ofMedia = reading.bodies.filter(isOfMedia)
    if (ofMedia.length === 0 || ofMedia.some((body) => mayBeAdministrators(reading, body))) return null
    return '本案件的调阅、举证材料事件中没有系统管理员账号的行为。'
  }),
  sentence('damaged', (reading) =>
    reading.bodies
      .filter(({ kind }) => kind === 'recording.damaged')
      .map((body) => `${shownTime(body.at)} ${reading.summaryOf(body)}：存储资料异常，已登记。`),
  ),
]

function clearedOn(reading: Reading, basis: ClearingBasis): readonly string[] {
  return saidTogether(reading, (recording) => {
    const events = clearingsOf(reading, recording).filter(({ details }) => details.basis === basis)
    return events.length === 0 ? null : `：${events.map((event) => clearedText(reading, event)).join('；')}。`
  })
}

function allCopies(reading: Reading) {
  return reading.facts.recordings.flatMap(({ id }) => reading.copiesOf(id))
}

function verifiedCopies(reading: Reading, id: string): number {
  return reading.copiesOf(id).filter(({ state }) => state === 'verified').length
}

function isLocked({ facts }: Reading, copy: ReturnType<Reading['copiesOf']>[number]): boolean {
  const { legalHold, retainUntil } = copy
  return legalHold === true && retainUntil !== null && Date.parse(retainUntil) > facts.madeAt.getTime()
}

/** Ends of all locks, the earliest first; null when a copy is not held or is damaged, or a recording has none. */
function lockEnds(reading: Reading): string[] | null {
  const { recordings } = reading.facts
  const copies = allCopies(reading)
  if (recordings.length === 0 || recordings.some(({ id }) => reading.copiesOf(id).length === 0)) return null
  if (copies.some((one) => one.state === 'damaged' || !isLocked(reading, one))) return null
  return copies.flatMap(({ retainUntil }) => retainUntil ?? []).sort()
}

function viewingsOpened(reading: Reading): EventBody[] {
  return reading.bodies.filter(({ kind }) => kind === 'viewing.opened')
}

function isOfMedia({ kind }: EventBody): boolean {
  return kind.startsWith('viewing.') || kind.startsWith('package.')
}

/** By the role in which he acted, or by the role that his account was made with; also where no event says which that is. */
function mayBeAdministrators({ register }: Reading, { actor, actorRole }: EventBody): boolean {
  if (actorRole === 'administrator') return true
  if (actorRole === 'service') return false
  const made = register.people.get(actor)?.created.details.role
  return made === undefined || made === 'administrator'
}
