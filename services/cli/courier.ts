import { readFile, writeFile } from 'node:fs/promises'
import { Fault } from '../foundation/errors.ts'
import { parseCheckpoint } from '../ledger/format/checkpoint.ts'
import { splitNote } from '../ledger/format/note.ts'
import { addCheckpointBytesMax, parseAddCheckpoint } from '../ledger/format/witness-protocol.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { printable, type Terminal } from './terminal.ts'

interface CourierOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

const words = {
  zh: {
    exported: '已导出待外部见证的存证节点：',
    events: '事件数：',
    cosigned: (size: number) => `（该单位已见证 ${size}）`,
    take: '请将文件送交外部见证单位：',
    imported: '已导入外部见证单位的签名：',
    importedBefore: '此前已导入：',
    quorum: '外部见证单位已足数',
    noQuorum: '外部见证单位尚未足数',
  },
  en: {
    exported: 'exported, for the witness to sign: ',
    events: 'events: ',
    cosigned: (size: number) => ` (cosigned so far: ${size})`,
    take: 'take to the witness: ',
    imported: 'imported, signed by: ',
    importedBefore: 'imported before: ',
    quorum: 'enough witnesses have signed',
    noQuorum: 'not enough witnesses have signed yet',
  },
} as const

/** Writes the newest checkpoint for a witness without network to a file that is not there yet. */
export async function exportCourierCommand(
  terminal: Terminal,
  options: CourierOptions & { witness: string; out: string },
): Promise<ExitCode> {
  const text = await withAccess(terminal, options, (client) =>
    client.post('/ledger/courier/exports', { witness: options.witness }),
  )
  const { oldSize, note } = parseAddCheckpoint(text)
  const { origin, size } = parseCheckpoint(splitNote(note).text)
  await writeFile(options.out, text, { flag: 'wx' }).catch((cause) => {
    throw new Fault('bad_request', `${options.out} cannot be written; a file that is there is not written over`, {
      cause,
    })
  })
  if (options.json) terminal.out(JSON.stringify({ origin, oldSize, size, out: options.out }))
  else {
    const say = words[options.lang]
    terminal.out(`${say.exported}${printable(origin)}`)
    terminal.out(`${say.events}${size}${say.cosigned(oldSize)}`)
    terminal.out(`${say.take}${options.out}`)
  }
  return exitCodes.fine
}

/** Sends in what a courier brought back. */
export async function importCourierCommand(
  terminal: Terminal,
  file: string,
  options: CourierOptions & { exported?: string },
): Promise<ExitCode> {
  const note = await broughtBack(file, options.exported)
  const answer = await withAccess(terminal, options, (client) => client.post('/ledger/courier/imports', { note }))
  const told = JSON.parse(answer) as { witness: string; size: number; witnessed: boolean; again: boolean }
  if (options.json) terminal.out(JSON.stringify(told))
  else {
    const say = words[options.lang]
    terminal.out(`${told.again ? say.importedBefore : say.imported}${printable(told.witness)}`)
    terminal.out(`${say.events}${told.size}`)
    terminal.out(told.witnessed ? say.quorum : say.noQuorum)
  }
  return exitCodes.fine
}

/**
 * What the witness gave: a signed checkpoint as custody-witness writes it, or the bare signature lines of another witness's
 * program, which are put behind the checkpoint that was exported.
 */
async function broughtBack(file: string, exported: string | undefined): Promise<string> {
  const text = await readText(file)
  if (!text.startsWith('\u2014 ')) return text
  if (exported === undefined) {
    throw new Fault('bad_request', `${file} holds signature lines alone: give the exported file too, with --exported`)
  }
  return `${parseAddCheckpoint(await readText(exported)).note}${text}`
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause) => {
    throw new Fault('bad_request', `${file} cannot be read`, { cause })
  })
  if (bytes.length > addCheckpointBytesMax) throw new Fault('bad_request', `${file} is too long to be of a courier`)
  return bytes.toString('utf8')
}
