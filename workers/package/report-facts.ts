import type { PackagePeople } from '../../services/custody/packages/acts.ts'
import type { Closure } from '../../services/custody/packages/closure.ts'
import type { PackageRow } from '../../services/custody/packages/package.ts'
import type { PackageRecording } from '../../services/custody/packages/recordings.ts'
import { type ReportFacts, reportRows } from '../../services/custody/packages/report/facts.ts'
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

/** What the report of a package is written from. */
export async function reportFacts(
  db: Db,
  making: PackageMaking,
  who: PackagePeople,
  timestamps: ReportFacts['timestamps'],
): Promise<ReportFacts> {
  const { row, checkpoint, closure } = making
  return {
    packageId: row.id,
    madeAt: making.madeAt,
    madeBy: who.madeBy,
    madeHow: madeHow(making),
    purpose: row.purpose,
    withFootage: row.with_footage,
    isEncrypted: row.recipient_key !== null,
    signedBy: who.signedBy && { name: who.signedBy.name, at: row.decided_at },
    recipient: recipientOf(row),
    closure,
    recordings: making.recordings.map((recording) => ({
      ...recording,
      hasOriginal: hasMedia(row, recording),
      hasPlayable: hasMedia(row, recording) && recording.playable !== null,
    })),
    checkpoint: {
      origin: originOf(checkpoint),
      size: checkpoint.size,
      root: checkpoint.root,
      at: checkpoint.at,
      witnessedAt: checkpoint.witnessedAt,
      cosignatures: await cosignersOf(db, checkpoint.size),
    },
    timestamps,
    rows: await reportRows(db, closure),
  }
}

export function recipientOf(row: PackageRow) {
  if (row.recipient_name === null) return null
  return { name: row.recipient_name, organisation: row.recipient_organisation ?? '' }
}

/** 制作方法: what was done to make this package. */
export function madeHow({ row, checkpoint, recordings }: PackageMaking): string {
  const footage = row.with_footage
    ? `按封存时的版本读取 ${recordings.filter(({ withheld }) => withheld === null).length} 份录像的原始文件，边读边与封存摘要核对，未作任何编辑；可播放件的每一轨道由台账所列文件依次相接。`
    : '本包不含录像内容。'
  return `由证据保管系统按案件编号自动汇集检查点（${checkpoint.size} 条记录）之前的全部事件与证明，写成 BagIt 包。${footage}`
}

export function originOf(checkpoint: PublishedCheckpoint): string {
  return parseCheckpoint(splitNote(checkpoint.note).text).origin
}

/** Whether its bytes go along: then all of them do, or there is no package. */
export function hasMedia(row: PackageRow, recording: PackageRecording): boolean {
  return row.with_footage && recording.withheld === null
}
