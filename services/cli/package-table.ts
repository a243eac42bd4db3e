import {
  originalMediumLengthMax,
  originalMediumLengthMin,
  provesLengthMax,
  provesLengthMin,
} from '../custody/packages/asked-recordings.ts'
import { isId } from '../foundation/id.ts'
import { readCsv, refuseLines } from './csv.ts'

/** What is said of one recording of a package, as the service for people takes it. */
export interface AskedRecording {
  readonly recordingId: string
  readonly proves: string
  readonly fromMs?: number
  readonly toMs?: number
  readonly transcript: 'separate' | 'no_speech' | null
  readonly originalMedium?: string
}

const transcripts: Readonly<Record<string, AskedRecording['transcript']>> = {
  另附: 'separate',
  separate: 'separate',
  无对话: 'no_speech',
  no_speech: 'no_speech',
  未提供: null,
  '': null,
}

/**
 * Reads a table of recordings: recording, proves (证明对象) and, if known, from and to (`mm:ss` or `h:mm:ss`, with
 * milliseconds behind a point where wanted), transcript (另附, 无对话) and medium (原始载体: where it is, or why it cannot be handed
 * over).
 *
 * @throws bad_request naming every wrong line
 */
export async function readAskedRecordings(path: string, language: 'zh' | 'en'): Promise<AskedRecording[]> {
  const rows = await readCsv(path, {
    required: ['recording', 'proves'],
    optional: ['from', 'to', 'transcript', 'medium'],
  })
  const problems: { line: number; problem: string }[] = []
  const asked = rows.map(({ line, cells }): AskedRecording => {
    const { recording = '', proves = '' } = cells
    if (!isId(recording)) {
      const problem = {
        zh: `recording：应填资料编号（custody chain 案号 会列出），不是文件名：“${recording}”`,
        en: `recording: the id of the recording is expected (custody chain CASE prints it), not the name of its file: '${recording}'`,
      }
      problems.push({ line, problem: problem[language] })
    }
    const length = [...proves].length
    if (length < provesLengthMin || length > provesLengthMax) {
      const problem = {
        zh: `proves（证明对象）：应为 ${provesLengthMin} 至 ${provesLengthMax} 个字，现有 ${length} 个字`,
        en: `proves: ${provesLengthMin} to ${provesLengthMax} characters are expected, it has ${length}`,
      }
      problems.push({ line, problem: problem[language] })
    }
    const place = (name: 'from' | 'to') => {
      const text = cells[name] ?? ''
      const ms = text === '' ? undefined : millisecondsOf(text)
      if (ms === null)
        problems.push({ line, problem: `${name}: a place such as 3:05 or 1:02:03.5 is expected: '${text}'` })
      return ms ?? undefined
    }
    const [fromMs, toMs] = [place('from'), place('to')]
    const word = cells.transcript ?? ''
    if (!Object.hasOwn(transcripts, word)) {
      problems.push({ line, problem: `transcript: 另附, 无对话 or nothing is expected: '${word}'` })
    }
    const medium = cells.medium ?? ''
    const mediumLength = [...medium].length
    if (medium !== '' && (mediumLength < originalMediumLengthMin || mediumLength > originalMediumLengthMax)) {
      const problem = {
        zh: `medium（原始载体）：应为 ${originalMediumLengthMin} 至 ${originalMediumLengthMax} 个字，现有 ${mediumLength} 个字`,
        en: `medium: ${originalMediumLengthMin} to ${originalMediumLengthMax} characters are expected, it has ${mediumLength}`,
      }
      problems.push({ line, problem: problem[language] })
    }
    return {
      recordingId: recording,
      proves,
      ...(fromMs !== undefined && { fromMs }),
      ...(toMs !== undefined && { toMs }),
      transcript: transcripts[word] ?? null,
      ...(medium !== '' && { originalMedium: medium }),
    }
  })
  refuseLines(path, problems)
  return asked
}

function millisecondsOf(text: string): number | null {
  const [, hours = '0', minutes, seconds] = /^(?:(\d+):)?(\d+):(\d\d(?:\.\d{1,3})?)$/.exec(text) ?? []
  if (minutes === undefined || Number(seconds) >= 60) return null
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
}
