import { createWriteStream } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Fault } from '../foundation/errors.ts'
import { createRunningHash } from '../foundation/hash.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type Decision, isApproved } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { readAskedRecordings } from './package-table.ts'
import { packageLine, packageLines, type ShownPackage } from './package-text.ts'
import { printable, type Terminal } from './terminal.ts'

interface PackageOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface RequestOptions extends PackageOptions {
  readonly purpose: string
  readonly withFootage?: boolean
  readonly recipient?: string
  readonly organisation?: string
  readonly recipientKey?: string
  readonly recordings?: string
}

/** Asks for an evidence package of a case, and says how many of its recordings lack 证明对象. */
export async function requestPackageCommand(
  terminal: Terminal,
  caseNumber: string,
  options: RequestOptions,
): Promise<ExitCode> {
  const { purpose, recipient, organisation, recipientKey } = options
  if ((recipient === undefined) !== (organisation === undefined)) {
    throw new Fault('bad_request', '--recipient and --organisation go together')
  }
  const recordings = options.recordings === undefined ? [] : await readAskedRecordings(options.recordings, options.lang)
  const body = {
    withFootage: options.withFootage ?? false,
    purpose,
    ...(recipient !== undefined && { recipient: { name: recipient, organisation } }),
    ...(recipientKey !== undefined && { recipientKey }),
    ...(recordings.length > 0 && { recordings }),
  }
  const answer = await withAccess(terminal, options, (client) =>
    client.post(`/cases/${encodeURIComponent(caseNumber)}/packages`, body),
  )
  if (options.json) terminal.out(answer)
  else for (const line of requestedLines(answer, options.lang)) terminal.out(printable(line))
  return exitCodes.fine
}

function requestedLines(answer: string, language: 'zh' | 'en'): string[] {
  const { id, state, missingProves } = JSON.parse(answer) as { id: string; state: string; missingProves: number }
  const waits = state === 'awaiting_signature'
  if (language === 'en') {
    return [
      `package ${id}: ${waits ? "waits for the supervisor's signature" : 'is being made'}`,
      ...(missingProves > 0 ? [`${missingProves} recordings have no statement of what they prove (证明对象)`] : []),
    ]
  }
  return [
    `举证材料 ${id}：${waits ? '待分管领导批准' : '正在制作'}`,
    ...(missingProves > 0 ? [`缺证明对象 ${missingProves} 条`] : []),
  ]
}

/** The packages of a case, or of all, a line each. */
export async function listPackagesCommand(
  terminal: Terminal,
  caseNumber: string | undefined,
  options: PackageOptions,
): Promise<ExitCode> {
  const path = caseNumber === undefined ? '/packages' : `/cases/${encodeURIComponent(caseNumber)}/packages`
  const answer = await withAccess(terminal, options, (client) => client.json(path))
  const { packages } = answer as { packages: ShownPackage[] }
  if (options.json) terminal.out(JSON.stringify(packages))
  else {
    const lines = packages.map((one) => packageLine(one, options.lang))
    tellLines(terminal, options.lang, lines, { zh: '没有举证材料', en: 'there is no package' })
  }
  return exitCodes.fine
}

/** Shows one package with everything that whoever signs it must know. */
export async function showPackageCommand(terminal: Terminal, id: string, options: PackageOptions): Promise<ExitCode> {
  const shown = await withAccess(terminal, options, (client) => readPackage(client, id))
  if (options.json) terminal.out(JSON.stringify(shown))
  else tellPackage(terminal, shown, options)
  return exitCodes.fine
}

/** Shows a package, then signs or refuses it. */
export async function decidePackageCommand(
  terminal: Terminal,
  id: string,
  options: PackageOptions & Decision & { reason: string },
): Promise<ExitCode> {
  const body = { approve: isApproved(options), reason: options.reason }
  const answer = await withAccess(terminal, options, async (client) => {
    const shown = await readPackage(client, id)
    if (!options.json) tellPackage(terminal, shown, options)
    return client.post(`/packages/${encodeURIComponent(id)}/decision`, body)
  })
  const done = body.approve
    ? { zh: '已批准，正在制作', en: 'signed; it is being made' }
    : { zh: '未批准', en: 'refused' }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

/** Fetches a package's file into a new one. Exit code 1 when it is not the file that was made. */
export async function downloadPackageCommand(
  terminal: Terminal,
  id: string,
  options: PackageOptions & { out: string },
): Promise<ExitCode> {
  const { out } = options
  const running = createRunningHash({ sm3: false })
  const expected = await withAccess(terminal, options, async (client) => {
    const { sha256 } = await readPackage(client, id)
    const stream = await client.stream(`/packages/${encodeURIComponent(id)}/file`)
    await writeNewFile(out, Readable.fromWeb(stream as never), (chunk) => running.update(chunk))
    return sha256
  })
  const { sha256, bytes } = running.digest()
  const found = sha256.toString('hex')
  if (found === expected) {
    terminal.out(
      options.json
        ? JSON.stringify({ file: out, bytes, sha256: found })
        : printable(`${out}  ${bytes} B  SHA-256 ${found}`),
    )
    return exitCodes.fine
  }
  await unlink(out)
  const wrong = {
    zh: `下载的文件与登记的校验值不符（应为 ${expected}，实为 ${found}），已删除，请重新下载`,
    en: `what was fetched is not the file that was made (expected ${expected}, got ${found}): it is gone again, fetch it anew`,
  }
  terminal.err(wrong[options.lang])
  return exitCodes.findings
}

/** A file that was not written to its end does not stay. @throws bad_request for one that is there already; not_ready */
async function writeNewFile(path: string, source: Readable, look: (chunk: Uint8Array) => void): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx' })
  const watched = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      look(chunk)
      yield chunk
    }
  }
  try {
    await pipeline(source, watched, file)
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Fault('bad_request', `--out ${path}: this file is there already`, { cause })
    if (!file.pending) await unlink(path)
    if (syscall === 'open' || syscall === 'write') {
      throw new Fault('bad_request', `--out ${path}: it cannot be written`, { cause })
    }
    throw new Fault('not_ready', 'the download was cut: fetch it anew', { cause })
  }
}

async function readPackage(client: AccessClient, id: string): Promise<ShownPackage> {
  return (await client.json(`/packages/${encodeURIComponent(id)}`)) as ShownPackage
}

function tellPackage(terminal: Terminal, shown: ShownPackage, { lang }: PackageOptions): void {
  for (const line of packageLines(shown, lang)) terminal.out(printable(line))
}
