import { writeFile } from 'node:fs/promises'
import { Command, CommanderError } from 'commander'
import { type Clock, systemClock } from '../foundation/clock.ts'
import { listenAddress, readConfig } from '../foundation/config.ts'
import { Fault, isFault } from '../foundation/errors.ts'
import { verifierKeyText } from '../ledger/format/note.ts'
import { readDecimal } from '../ledger/format/strict.ts'
import type { Answer } from './answer.ts'
import { evidenceCount, keepEvidence } from './evidence.ts'
import { initWitness } from './init.ts'
import { startWitness } from './server.ts'
import { readSettings } from './settings.ts'
import { signFile } from './sign-file.ts'
import { logId, readState } from './state.ts'

/** What the program may know of the outside: where it writes, and when it is to end. */
export interface WitnessIo {
  out(line: string): void
  err(line: string): void
  /** Resolves when the program is asked to end. */
  readonly ended: Promise<void>
}

/** What the program's exit codes mean; scripts decide by them. */
export const witnessExitCodes = {
  fine: 0,
  /** The checkpoint was refused: the log's history is not the one that was cosigned before. */
  differs: 1,
  /** Called or configured wrongly, or refused for another reason. */
  usage: 2,
  /** A defect of this program. */
  unexpected: 4,
} as const
type WitnessExitCode = (typeof witnessExitCodes)[keyof typeof witnessExitCodes]

const exitCodesHelp = `
Exit codes: 0 done; 1 the checkpoint was refused because the log's history differs; 2 asked wrongly, configured wrongly, or
refused for another reason; 4 a defect of this program.`

/** Runs one command line of the legal office's witness and answers its exit code. */
export async function runWitnessProgram(args: readonly string[], surroundings: WitnessIo): Promise<WitnessExitCode> {
  try {
    await makeProgram(surroundings).parseAsync([...args], { from: 'user' })
    return witnessExitCodes.fine
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? witnessExitCodes.fine : witnessExitCodes.usage
    if (!isFault(error)) {
      surroundings.err(error instanceof Error ? (error.stack ?? error.message) : String(error))
      return witnessExitCodes.unexpected
    }
    surroundings.err(`custody-witness: ${error.message}`)
    return error.code === 'log_forked' ? witnessExitCodes.differs : witnessExitCodes.usage
  }
}

function makeProgram(surroundings: WitnessIo): Command {
  const { out, err } = surroundings
  const program = new Command('custody-witness')
    .description(
      '法制办见证程序 · the legal office’s witness: cosigns a ledger’s checkpoints as long as it only grows.',
    )
    .addHelpText('after', exitCodesHelp)
    .showHelpAfterError('(--help says more)')
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) })
    .exitOverride()
  const inFolder = (command: Command) =>
    command.requiredOption(
      '--folder <folder>',
      'where the keys and the state lie: back it up, never put it back to an older state',
    )
  const collect = (value: string, all: string[]) => [...all, value]

  inFolder(program.command('init'))
    .description('make the keys of a witness, and the logs it knows; again: add a log')
    .requiredOption('--name <name>', "the witness's name in its signatures, such as legal.example.gov.cn/witness")
    .option(
      '--log <key>',
      'a verifier key of the log, as its keeper gave it on paper; once for each of its keys, which must all sign',
      collect,
      [],
    )
    .option(
      '--from <size>',
      'the keys of a log that is known were changed, and its keeper said on paper from which tree size on: these sign then',
      (value) => readDecimal(value, '--from'),
      null,
    )
    .action(async ({ folder, name, log: logKeys, from }) => {
      await initWitness({ folder, name, logKeys, from })
      await show(surroundings, folder)
    })
  inFolder(program.command('run'))
    .description('cosign over HTTP (c2sp.org/tlog-witness) until it is ended')
    .option('--listen <host:port>', 'where to listen', '127.0.0.1:7380')
    .action(async ({ folder, listen }) => run(surroundings, folder, listen))
  inFolder(program.command('sign <file>'))
    .description('cosign a checkpoint that was brought by hand (custody courier export), without a network')
    .requiredOption('--out <file>', 'where the signed checkpoint goes, for custody courier import')
    .action(async (file, { folder, out: target }) => sign(surroundings, folder, file, target))
  inFolder(program.command('show'))
    .description('print the verifier keys, and what was cosigned last')
    .action(async ({ folder }) => show(surroundings, folder))
  return program
}

async function run({ out, err, ended }: WitnessIo, folder: string, listen: string): Promise<void> {
  const settings = await readSettings(folder)
  const { address } = readConfig({ '--listen': listen }, { address: listenAddress('--listen') })
  for (const { origin } of settings.logs) await readState(folder, origin)
  const tell = (answer: Answer | Error, body: string) => {
    if (answer instanceof Error) return err(`${stamp(systemClock)} ${answer.message}`)
    const { status, submitted, refusedBy } = answer
    const what = submitted ? `${submitted.origin} ${submitted.size}` : 'no checkpoint of a known log'
    if (status === 200) return out(`${stamp(systemClock)} 已见证 cosigned ${what}`)
    err(`${stamp(systemClock)} ${status} ${what}: ${answer.body.trim()}`)
    if (!submitted || !refusedBy) return
    // The log signed this: it may be proof of its misbehaviour.
    keepEvidence(folder, body, submitted, refusedBy).then(
      (path) => path && err(`${stamp(systemClock)} 流转日志前后不一致，证据已留存 kept as evidence: ${path}`),
      (error: Error) => err(`${stamp(systemClock)} the evidence could not be kept: ${error.message}`),
    )
  }
  const witness = await startWitness(settings, systemClock, address, tell)
  out(`listening on http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${witness.port}`)
  await ended
  await witness.close()
}

async function sign({ out }: WitnessIo, folder: string, file: string, target: string): Promise<void> {
  const settings = await readSettings(folder)
  const signed = await signFile(settings, systemClock, file)
  await writeFile(target, signed.note, { flag: 'wx' }).catch((cause) => {
    // What was cosigned is in the state: the same command with another --out writes it again.
    throw new Fault('bad_request', `${target} cannot be written; it is not written over`, { cause })
  })
  out(`${signed.again ? '此前已见证 cosigned before' : '已见证 cosigned'}: ${signed.origin}`)
  out(`事件数 events: ${signed.size}`)
  out(`根散列 root:  ${signed.root.toString('hex')}`)
  out(`带回文件 bring back: ${target}`)
}

async function show({ out }: WitnessIo, folder: string): Promise<void> {
  const { name, signers, logs } = await readSettings(folder)
  out(`见证人 witness: ${name}`)
  for (const { publicKey, type } of signers) out(`公钥 verifier key: ${verifierKeyText(name, publicKey, type)}`)
  for (const { origin, sets } of logs) {
    const { size, root, cosignedAt } = await readState(folder, origin)
    out(`流转日志 log: ${origin}`)
    for (const { from, keys } of sets) {
      out(`  自第 ${from} 条起，下列公钥须全部签名  from ${from} leaves on all of these sign:`)
      for (const key of keys) out(`  信任的公钥 trusted key: ${verifierKeyText(key.name, key.publicKey, key.type)}`)
    }
    out(`  最近见证 last cosigned: ${cosignedAt?.toISOString() ?? '尚无 never'}`)
    out(`  事件数 events: ${size}    根散列 root: ${root.toString('hex')}`)
    out(`  /${logId(origin)}/checkpoint`)
  }
  const evidence = await evidenceCount(folder)
  if (evidence > 0)
    out(`警告：${evidence} 份与此前不一致的存证节点留存于 refused/  ${evidence} refused checkpoints kept as evidence`)
}

function stamp(clock: Clock): string {
  return clock.now().toISOString()
}
