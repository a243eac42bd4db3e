import { Fault } from '../foundation/errors.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { readAskedRecordings } from './package-table.ts'
import { printable, type Terminal } from './terminal.ts'

export interface RequestPackageOptions extends AccessSessionOptions {
  readonly purpose: string
  readonly withFootage?: boolean
  readonly recipient?: string
  readonly organisation?: string
  readonly recipientKey?: string
  readonly recordings?: string
  readonly json?: boolean
}

/** Asks for an evidence package of a case, and says how many of its recordings lack 证明对象. */
export async function requestPackageCommand(
  terminal: Terminal,
  caseNumber: string,
  options: RequestPackageOptions,
): Promise<ExitCode> {
  const { purpose, recipient, organisation, recipientKey } = options
  if ((recipient === undefined) !== (organisation === undefined)) {
    throw new Fault('bad_request', '--recipient and --organisation go together')
  }
  const recordings = options.recordings === undefined ? [] : await readAskedRecordings(options.recordings)
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
  else for (const line of requestedLines(answer, options.lang ?? 'zh')) terminal.out(printable(line))
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
