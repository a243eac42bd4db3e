import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PackagePeople, packagePeople } from '../../services/custody/packages/acts.ts'
import type { PackageRecording } from '../../services/custody/packages/recordings.ts'
import { reportContent } from '../../services/custody/packages/report/build.ts'
import type { ReportFacts } from '../../services/custody/packages/report/facts.ts'
import { reportHtml } from '../../services/custody/packages/report/html.ts'
import { reportPdf } from '../../services/custody/packages/report/pdf.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { timestampsUpTo } from '../../services/ledger/authority/timestamps.ts'
import { canonicalText } from '../../services/ledger/format/canonical.ts'
import type { BagWriter } from './bag.ts'
import type { PackageDeps } from './deps.ts'
import { addLedger, jsonLines } from './ledger-files.ts'
import { addOriginal, type PackagedRecording } from './media.ts'
import { addPlayables } from './media-playable.ts'
import { hasMedia, madeHow, originOf, type PackageMaking, recipientOf, reportFacts } from './report-facts.ts'

const transcriptsText =
  '此处存放笔录、文书等书面材料（由接收人或制作人另行放入）。\nWritten transcripts and documents belong here.\n'
const verifierText = [
  '核验程序和信任文件（公钥）请从本包以外取得，并核对其公布的摘要；此处的副本只为方便。',
  'Take the verifier and the trust file (keys) from outside this package, and compare the published digest; a copy here is',
  'for convenience only.',
  '',
].join('\n')

/** Puts everything of services/ledger/DESIGN.md §6 into the bag, in a fixed order. */
export async function putContents(
  deps: PackageDeps,
  bag: BagWriter,
  making: PackageMaking,
  signal: AbortSignal,
): Promise<void> {
  const { row, checkpoint, closure } = making
  const who = await packagePeople(deps.db, row)
  await bag.add('data/package.json', packageJson(making, who))
  await addLedger(deps.db, bag, checkpoint, closure)
  const timestamps = await addTimestamps(deps.db, bag, checkpoint.size)
  const report = reportContent(await reportFacts(deps.db, making, who, timestamps))
  // Drawn while the media wait for the store.
  const pdf = reportPdf(report, making.madeAt)
  pdf.catch(() => undefined)
  const lines: PackagedRecording[] = []
  for (const recording of making.recordings) lines.push(await addMedia(deps, bag, making, recording, signal))
  await bag.add('data/recordings.jsonl', jsonLines(lines), { deflate: true })
  await bag.add('data/report/report.html', reportHtml(report), { deflate: true })
  await bag.add('data/report/report.pdf', await pdf)
  await bag.add('data/transcripts/README.txt', transcriptsText)
  await addVerifier(bag, deps.settings.verifierDirectory)
}

function packageJson(making: PackageMaking, { madeBy, signedBy }: PackagePeople): string {
  const { row, checkpoint, madeAt } = making
  return canonicalText({
    format: 'evidence-package/v2',
    id: row.id,
    caseNumber: row.case_number,
    origin: originOf(checkpoint),
    checkpointSize: checkpoint.size,
    withFootage: row.with_footage,
    madeAt: madeAt.toISOString(),
    madeBy: { ...madeBy },
    madeHow: madeHow(making),
    purpose: row.purpose,
    signedBy: signedBy && { ...signedBy },
    recipient: recipientOf(row),
  })
}

async function addMedia(
  deps: PackageDeps,
  bag: BagWriter,
  { row }: PackageMaking,
  recording: PackageRecording,
  signal: AbortSignal,
): Promise<PackagedRecording> {
  if (!hasMedia(row, recording)) return { id: recording.id, original: null, playable: [] }
  const original = await addOriginal(deps, bag, recording, signal)
  return { id: recording.id, original, playable: await addPlayables(deps, bag, recording, signal) }
}

async function addTimestamps(db: Db, bag: BagWriter, size: number): Promise<ReportFacts['timestamps']> {
  const shown: { name: string; size: number; at: Date }[] = []
  for (const [at, stamp] of (await timestampsUpTo(db, size)).entries()) {
    const name = `data/ledger/timestamps/${stamp.size}-${at + 1}`
    await bag.add(`${name}.checkpoint`, stamp.note)
    await bag.add(`${name}.tsr`, stamp.response)
    shown.push({ name: stamp.authority, size: stamp.size, at: stamp.stampedAt })
  }
  return shown
}

async function addVerifier(bag: BagWriter, directory: string | null): Promise<void> {
  await bag.add('data/verifier/README.txt', verifierText)
  if (directory === null) return
  const files = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isFile())
  for (const { name } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (name === 'README.txt' || !/^[A-Za-z0-9._-]+$/.test(name)) continue
    await bag.add(`data/verifier/${name}`, await readFile(join(directory, name)), { deflate: true })
  }
}
