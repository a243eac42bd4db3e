import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { shownHandIns } from '../../services/custody/intake/shown-hand-ins.ts'
import { type PackagePeople, packagePeople } from '../../services/custody/packages/acts.ts'
import type { Closure } from '../../services/custody/packages/closure.ts'
import { type PackageRecording, packageRecordings } from '../../services/custody/packages/recordings.ts'
import { reportContent } from '../../services/custody/packages/report/build.ts'
import { sectionDocx } from '../../services/custody/packages/report/docx.ts'
import { reportHtml } from '../../services/custody/packages/report/html.ts'
import { reportPdf } from '../../services/custody/packages/report/pdf.ts'
import { type StoredTimestamp, timestampsUpTo } from '../../services/ledger/authority/timestamps.ts'
import { canonicalText } from '../../services/ledger/format/canonical.ts'
import type { PublishedCheckpoint } from '../../services/ledger/log/witnessed.ts'
import type { AddedFile, BagWriter } from './bag.ts'
import type { PackageDeps } from './deps.ts'
import { addLedger, jsonLines } from './ledger-files.ts'
import { addOriginal, type PackagedRecording } from './media.ts'
import { addPlayables } from './media-playable.ts'
import { hasMedia, madeHow, originOf, type PackageMaking, recipientOf, reportFacts } from './report-facts.ts'

const transcriptsText = [
  '笔录、声音文字记录等书面材料与本材料分开移交，不要放入本材料：放入、删去或改动任何一个文件，核验都不会通过。',
  'Transcripts and other documents are handed over beside this package. Do not put them into it: a package to which a file',
  'was added, or of which one was removed or changed, is rejected by every verifier.',
  '',
].join('\n')
const verifierText = [
  '核验程序和核验公钥文件请从本材料以外取得，并核对其公布的校验值；此处的副本只为方便。',
  'Take the verifier and the trust file (keys) from outside this package, and compare the published digest; a copy here is',
  'for convenience only.',
  '',
].join('\n')

/** What a run has put in of files that do not depend on the checkpoint, and says of recordings. */
export interface PutFiles {
  /** What contents.jsonl is: the details of the event `package.contents`. */
  readonly contents: { readonly sha256: string; readonly files: number; readonly bytes: number }
  readonly recordings: readonly PackagedRecording[]
  readonly timestamps: readonly StoredTimestamp[]
}

/**
 * Puts in everything of services/ledger/DESIGN.md §6 that does not depend on the last checkpoint: media, report, what lies
 * beside it, making.json, and the list of all these with their digests.
 */
export async function putFiles(
  deps: PackageDeps,
  bag: BagWriter,
  making: PackageMaking,
  signal: AbortSignal,
): Promise<PutFiles> {
  const { db, settings } = deps
  const who = await packagePeople(db, making.row, making.closure)
  const timestamps = await timestampsUpTo(db, making.checkpoint.size)
  const stamped = timestamps.map(({ authority, size, stampedAt }) => ({ name: authority, size, at: stampedAt }))
  const report = reportContent(await reportFacts(db, making, stamped))
  // Drawn while the media wait for the store.
  const pdf = reportPdf(report, making.madeAt)
  pdf.catch(() => undefined)
  const lines = openContents(bag)
  const recordings: PackagedRecording[] = []
  for (const recording of making.recordings) {
    recordings.push(await addMedia(deps, lines.bag, making, recording, signal))
  }
  await lines.bag.add('data/report/report.html', reportHtml(report), { deflate: true })
  await lines.bag.add('data/report/report.pdf', await pdf)
  // 《证据清单》 once more, in a form that a clerk can take into the file of the case.
  await lines.bag.add('data/report/evidence-list.docx', await sectionDocx(report.evidenceList, making.madeAt))
  await lines.bag.add('data/transcripts/README.txt', transcriptsText)
  await addVerifier(lines.bag, settings.verifierDirectory)
  await lines.bag.add('data/making.json', canonicalText(makingJson(making, who)))
  return { contents: await lines.write(), recordings, timestamps }
}

/** Puts in the rest, which is proven against the last checkpoint. */
export async function putLedger(
  { db }: PackageDeps,
  bag: BagWriter,
  making: PackageMaking,
  last: { checkpoint: PublishedCheckpoint; closure: Closure; put: PutFiles },
): Promise<void> {
  const { checkpoint, closure, put } = last
  const subjects = closure.subjects.map(({ subject }) => subject)
  const bodies = closure.events.map(({ body }) => body)
  await bag.add('data/hand-ins.jsonl', jsonLines(await shownHandIns(db, subjects, bodies)), { deflate: true })
  await addLedger(db, bag, checkpoint, closure)
  await addTimestamps(bag, put.timestamps)
  const sm3s = new Map(packageRecordings(closure).map(({ id, sm3 }) => [id, sm3]))
  // An original is read back and gets its SM3 while the package is made.
  const lines = put.recordings.map((line) => ({
    ...line,
    original: line.original && { ...line.original, sm3: sm3s.get(line.id) ?? null },
  }))
  await bag.add('data/recordings.jsonl', jsonLines(lines), { deflate: true })
  const who = await packagePeople(db, making.row, making.closure)
  const known = { origin: originOf(checkpoint), checkpointSize: checkpoint.size }
  await bag.add('data/package.json', canonicalText({ ...makingJson(making, who), ...known }))
}

/** A bag that notes each file, and can write down what it noted. */
function openContents(bag: BagWriter) {
  const lines: { bytes: number; path: string; sha256: string }[] = []
  const note = (path: string, added: AddedFile): AddedFile => {
    lines.push({ bytes: added.bytes, path, sha256: added.sha256.toString('hex') })
    return added
  }
  const noting: Pick<BagWriter, 'add' | 'addStream'> = {
    add: async (path, content, options) => note(path, await bag.add(path, content, options)),
    addStream: async (path, content, bytes) => note(path, await bag.addStream(path, content, bytes)),
  }
  return {
    bag: noting,
    async write(): Promise<PutFiles['contents']> {
      lines.sort((one, other) => (one.path < other.path ? -1 : 1))
      const { sha256 } = await bag.add('data/contents.jsonl', jsonLines(lines), { deflate: true })
      const bytes = lines.reduce((sum, line) => sum + line.bytes, 0)
      return { sha256: sha256.toString('hex'), files: lines.length, bytes }
    },
  }
}

function makingJson(making: PackageMaking, { madeBy, signedBy }: PackagePeople) {
  const { row, checkpoint, madeAt } = making
  return {
    format: 'evidence-package/v3',
    id: row.id,
    caseNumber: row.case_number,
    reportSize: checkpoint.size,
    withFootage: row.with_footage,
    madeAt: madeAt.toISOString(),
    madeBy: { ...madeBy },
    madeHow: madeHow(making),
    purpose: row.purpose,
    signedBy: signedBy && { ...signedBy },
    recipient: recipientOf(row),
  }
}

async function addMedia(
  deps: PackageDeps,
  bag: Pick<BagWriter, 'add' | 'addStream'>,
  { row }: PackageMaking,
  recording: PackageRecording,
  signal: AbortSignal,
): Promise<PackagedRecording> {
  if (!hasMedia(row, recording)) return { id: recording.id, original: null, playable: [] }
  const original = await addOriginal(deps, bag, recording, signal)
  return { id: recording.id, original, playable: await addPlayables(deps, bag, recording, signal) }
}

async function addTimestamps(bag: BagWriter, timestamps: readonly StoredTimestamp[]): Promise<void> {
  for (const [at, stamp] of timestamps.entries()) {
    const name = `data/ledger/timestamps/${stamp.size}-${at + 1}`
    await bag.add(`${name}.checkpoint`, stamp.note)
    await bag.add(`${name}.tsr`, stamp.response)
  }
}

async function addVerifier(bag: Pick<BagWriter, 'add'>, directory: string | null): Promise<void> {
  await bag.add('data/verifier/README.txt', verifierText)
  if (directory === null) return
  const files = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isFile())
  for (const { name } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (name === 'README.txt' || !/^[A-Za-z0-9._-]+$/.test(name)) continue
    await bag.add(`data/verifier/${name}`, await readFile(join(directory, name)), { deflate: true })
  }
}
