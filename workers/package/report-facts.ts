import { shownHandIns } from '../../services/custody/intake/shown-hand-ins.ts'
import type { Closure } from '../../services/custody/packages/closure.ts'
import type { PackageRow } from '../../services/custody/packages/package.ts'
import type { PackageRecording } from '../../services/custody/packages/recordings.ts'
import type { ReportFacts } from '../../services/custody/packages/report/facts.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { parseCheckpoint } from '../../services/ledger/format/checkpoint.ts'
import { splitNote } from '../../services/ledger/format/note.ts'
import { cosignersOf, type PublishedCheckpoint } from '../../services/ledger/log/witnessed.ts'

/** What a run has gathered before it writes; the report is written from this checkpoint. */
export interface PackageMaking {
  readonly row: PackageRow
  readonly checkpoint: PublishedCheckpoint
  readonly closure: Closure
  readonly recordings: readonly PackageRecording[]
  readonly madeAt: Date
}

/** What the report of a package is made of: its closure, and who had seen the ledger when the report was written. */
export async function reportFacts(
  db: Db,
  making: PackageMaking,
  timestamps: ReportFacts['timestamps'],
): Promise<ReportFacts> {
  const { row, checkpoint, closure, madeAt } = making
  const cosigners = await cosignersOf(db, checkpoint.size)
  return {
    packageId: row.id,
    madeAt,
    madeHow: madeHow(making),
    closure,
    recordings: making.recordings.map((recording) => ({
      ...recording,
      hasOriginal: hasMedia(row, recording),
      hasPlayable: hasMedia(row, recording) && recording.playable !== null,
    })),
    handIns: await shownHandIns(
      db,
      closure.subjects.map(({ subject }) => subject),
      closure.events.map(({ body }) => body),
    ),
    reportSize: checkpoint.size,
    witnessedAt: checkpoint.witnessedAt,
    witnesses: cosigners.map(({ name, at }) => ({ name, at })),
    timestamps,
  }
}

export function recipientOf(row: PackageRow) {
  if (row.recipient_name === null) return null
  return { name: row.recipient_name, organisation: row.recipient_organisation ?? '' }
}

/** 提取方法: what was done to make this package. */
export function madeHow({ row, checkpoint, recordings }: PackageMaking): string {
  const originals = recordings.filter(({ withheld }) => withheld === null).length
  const footage = row.with_footage
    ? `按入库时的版本读取 ${originals} 份音像资料的原始文件，边读边与入库校验值核对，未作任何编辑；播放件的每一轨道由流转日志所列文件依次相接。`
    : '本材料不含音像内容。'
  return `由证据保管系统按案件编号自动汇集流转日志（${checkpoint.size} 条记录）中本案件的全部事件与证明，写成 BagIt 包。${footage}`
}

export function originOf(checkpoint: PublishedCheckpoint): string {
  return parseCheckpoint(splitNote(checkpoint.note).text).origin
}

/** Whether its bytes go along: then all of them do, or there is no package. */
export function hasMedia(row: PackageRow, recording: PackageRecording): boolean {
  return row.with_footage && recording.withheld === null
}
