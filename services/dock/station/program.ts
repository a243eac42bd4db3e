import { readFileSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import { Fault, isFault } from '../../foundation/errors.ts'
import { namesPath } from '../../foundation/platform.ts'
import { loadConfig, readConfigFile } from '../config.ts'
import { examine } from '../doctor/doctor.ts'
import type { Surroundings } from '../doctor/finding.ts'
import { findingLines } from '../doctor/words.ts'
import { openIngest } from '../ingest/client.ts'
import { mountsOf } from '../sources/mounts.ts'
import type { SourceSettings } from '../sources/open-sources.ts'
import { enrol } from './enrol.ts'
import { testStation, whyNot } from './self-test.ts'
import { openSealedKey, sealSigningKey } from './signing-key.ts'
import { stationVersion } from './start.ts'

/** What the program may know of the outside. */
export interface StationIo {
  out(line: string): void
  err(line: string): void
  readonly surroundings: Surroundings
  /** Starts the station; resolves once it runs. */
  readonly run: (configFile: string) => Promise<void>
}

/** What the exit codes mean; scripts decide by them. */
export const stationExitCodes = {
  fine: 0,
  /** The doctor, or the test of the station, found something that keeps footage out. */
  findings: 1,
  /** Called or configured wrongly, or refused. */
  usage: 2,
  /** A defect of this program. */
  unexpected: 4,
} as const
type StationExitCode = (typeof stationExitCodes)[keyof typeof stationExitCodes]

/** Runs one command line of a docking station and answers its exit code. */
export async function runStationProgram(args: readonly string[], io: StationIo): Promise<StationExitCode> {
  let code: StationExitCode = stationExitCodes.fine
  try {
    const program = makeProgram(io, () => {
      code = stationExitCodes.findings
    })
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? stationExitCodes.fine : stationExitCodes.usage
    if (!isFault(error)) {
      io.err(error instanceof Error ? (error.stack ?? error.message) : String(error))
      return stationExitCodes.unexpected
    }
    io.err(`custody-dock: ${error.message}`)
    return stationExitCodes.usage
  }
}

function makeProgram(io: StationIo, onFault: () => void): Command {
  const program = new Command('custody-dock')
    .description('采集站程序 · the docking station: takes in what is put into its slots.')
    .addHelpText(
      'after',
      '\nExit codes: 0 done; 1 the doctor or the self-test found a fault; 2 asked or configured wrongly, or refused; 4 a defect.',
    )
    .showHelpAfterError('(--help says more)')
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
    .exitOverride()
  program
    .command('run <config>')
    .description('take in footage until it is ended')
    .action((config: string) => io.run(config))
  program
    .command('enrol')
    .description('make the keys of this station and register it with a one-time code')
    .requiredOption('--server <address>', "the bureau's service for docks, as the sheet says it")
    .requiredOption('--code <code>', 'the one-time code (custody dock enrol)')
    .requiredOption('--folder <folder>', 'where keys and token are written; its owner gets them')
    .option('--ca <file>', "the bureau's root certificate, PEM")
    .action((options) => enrolStation(io, options))
  program
    .command('seal-key <file>')
    .description("seal the key to this computer's TPM; the plain file is removed")
    .option('--tpm-device <device>', 'a TPM other than the first')
    .action(async (file: string, { tpmDevice }) => {
      const sealed = await sealSigningKey(file, tpmDevice ? { device: tpmDevice } : null)
      io.out(`sealed: ${sealed}; the unit hands it to the agent (LoadCredentialEncrypted), keyFile is dock-signing-key`)
    })
  program
    .command('doctor <config>')
    .description('look for what keeps footage out, and say what to do')
    .addOption(new Option('--lang <language>', 'language of the lines').choices(['zh', 'en']).default('zh'))
    .action(async (config: string, { lang }) => {
      if (await doctor(io, config, lang)) onFault()
    })
  program
    .command('self-test <config>')
    .description('hand in a small test file and wait for its receipt, verified here')
    .option('--wait <minutes>', 'how long the receipt may take', '10')
    .option('--sealed-key <file>', 'the key that was sealed to the TPM, where the configuration names a credential')
    .action(async (config: string, { wait, sealedKey }) => {
      if (!(await selfTest(io, config, { waitMs: Number(wait) * 60_000, sealedKey: sealedKey ?? null }))) onFault()
    })
  return program
}

const longestWaitMs = 24 * 3_600_000

/** @returns whether its receipt came and holds */
async function selfTest(
  { out, err }: StationIo,
  path: string,
  { waitMs, sealedKey }: { waitMs: number; sealedKey: string | null },
): Promise<boolean> {
  if (!(waitMs > 0 && waitMs <= longestWaitMs)) {
    throw new Fault('bad_request', '--wait: give a number of minutes, a day (1440) at most')
  }
  const given = sealedKey === null ? null : await openSealedKey(sealedKey, null)
  const { config, signingKey, token, trust } = loadConfig(path, null, given)
  const ingest = openIngest({ ...config.server, token, answerMsMax: 60_000, now: Date.now })
  try {
    const result = await testStation({ ingest, signingKey, trust, waitMs, now: Date.now, say: out })
    const ends = {
      witnessed: '自检通过',
      provisional: '自检通过：回执是临时的，外部见证尚未到达',
      none: '自检不通过：没有可用的回执',
    }
    out(ends[result])
    return result !== 'none'
  } catch (error) {
    const why = whyNot(error)
    if (why === null) throw error
    err(`自检不通过：${why}`)
    return false
  } finally {
    await ingest.close()
  }
}

async function enrolStation(
  { out }: StationIo,
  { server, code, folder, ca }: { server: string; code: string; folder: string; ca?: string },
): Promise<void> {
  const enrolment = { server, code, folder, authorityFile: ca ?? null, version: stationVersion }
  const { dockId, name, publicKey, signingKeyFile, tokenFile, spoolKeyFile } = await enrol(enrolment)
  out(`${name}, ${dockId}`)
  out(`key    ${signingKeyFile}`)
  out(`token  ${tokenFile}`)
  out(`spool  ${spoolKeyFile} (spool.ageIdentityFile)`)
  out('It counts once a supervisor or auditor has released it. They compare this public key with the register:')
  out(publicKey)
}

/** @returns whether something keeps footage out */
async function doctor(io: StationIo, path: string, language: 'zh' | 'en'): Promise<boolean> {
  const config = readConfigFile(path)
  const { server, spool, keyFile, tokenFile, screen } = config
  const roots = config.sources.flatMap(mountRootsOf)
  const mounts = (await mountsOf(process.platform)()).map(({ mountPoint }) => mountPoint)
  const isPlain = namesPath(keyFile, process.platform)
  const findings = await examine(io.surroundings, {
    server: {
      url: server.origin,
      authority: server.caFile === null ? null : readFileSync(server.caFile),
      token: textOrNull(tokenFile),
    },
    files: {
      spoolDirectory: spool.folder,
      signingKeyFile: isPlain ? keyFile : null,
      printer: screen.printer === null ? null : 'default',
    },
    mountPoints: mounts.filter((point) => roots.some((root) => point.startsWith(`${root}/`))),
  })
  for (const finding of findings) for (const line of findingLines(finding, language)) io.out(line)
  return findings.some(({ grade }) => grade === 'fault')
}

function textOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function mountRootsOf(one: SourceSettings): readonly string[] {
  if (one.source === 'devices') return one.mountRoots
  return one.source === 'desk' ? (one.cards?.mountRoots ?? []) : []
}
