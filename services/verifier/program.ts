import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Fault, isFault } from '../foundation/errors.ts'
import { sha256 } from '../foundation/hash.ts'
import { isAgeFile, withDecrypted } from './age-file.ts'
import { verifyPath } from './open-package.ts'
import { reportLines } from './report-text.ts'
import { describeReport, type Language } from './report-words.ts'
import { type PackageTrust, parseTrust } from './trust.ts'
import { isContainerFault, type PackageReport, refusedContainer, type VerifyOptions } from './verify-package.ts'

/** What the command may know of the outside. */
export interface VerifierIo {
  out(text: string): void
  err(text: string): void
  /** Null where no person watches; else the width of the terminal. */
  readonly columns: number | null
  readonly now: () => Date
  /** Name and SHA-256 of the program's own file. */
  readonly program: () => Promise<string>
}

/** What the program's exit codes mean; scripts decide by them. */
export const verifierExitCodes = {
  /** All packages were accepted. */
  accepted: 0,
  /** One of them was rejected. */
  rejected: 1,
  /** Called wrongly, or bytes that cannot be read: nothing is said about the packages. */
  usage: 2,
} as const
export type VerifyExit = (typeof verifierExitCodes)[keyof typeof verifierExitCodes]

export interface VerifyArguments {
  readonly packages: readonly string[]
  readonly trust: string
  readonly identity: string | undefined
  readonly json: boolean
  readonly language: Language
}

const usage = `用法 usage: verify PACKAGE… --trust trust.json [--json] [--lang zh|en] [--identity FILE]

  PACKAGE          举证材料（电子包）：.zip、解开的文件夹，或加密的 .zip.age
                   an evidence package: zip file, its folder, or encrypted .zip.age
  --trust FILE     核验公钥文件，必须来自举证材料以外的可靠渠道
                   the trust file; get it from elsewhere than the package, never out of it
  --identity FILE  解密 .zip.age 用的 age 身份文件  age identities that decrypt .zip.age
  --json           每个举证材料输出一行 JSON  one line of JSON for each package
  --lang zh|en     报告语言，默认中文  language of the report, Chinese unless said otherwise
  --version        版本和本文件的 SHA-256  version, and the SHA-256 of this file

退出码 exit codes: 0 通过 accepted, 1 不通过 rejected, 2 无法核验 asked wrongly, or bytes that cannot be read
`

/** Runs a command line without its program's name. */
export async function runVerifier(args: readonly string[], surroundings: VerifierIo): Promise<VerifyExit> {
  try {
    const parsed = readArguments(args)
    if (parsed === 'help') surroundings.out(usage)
    else if (parsed === 'version') surroundings.out(`${await surroundings.program()}\n`)
    else return await verifyCommand(parsed, surroundings)
    return verifierExitCodes.accepted
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    surroundings.err(`${isFault(error) || isAskedWrongly(error) ? message : (error as Error).stack}\n`)
    return verifierExitCodes.usage
  }
}

/** Verifies packages one after another and prints a verdict on each. @throws Fault when there is no verdict to be had */
export async function verifyCommand(args: VerifyArguments, surroundings: VerifierIo): Promise<VerifyExit> {
  const trustBytes = await readFile(args.trust).catch((cause: unknown) => {
    throw new Fault('bad_config', `核验公钥文件读不到 the trust file ${args.trust} cannot be read`, { cause })
  })
  const trust = parseTrust(trustBytes.toString('utf8'))
  const trustSha256 = sha256(trustBytes).toString('hex')
  let exit: VerifyExit = verifierExitCodes.accepted
  for (const path of args.packages) {
    const bar = args.json ? null : progressBar(surroundings)
    const report = await verifyOne(path, trust, args.identity, { onProgress: bar?.update, now: surroundings.now() })
    bar?.end()
    if (!report.accepted) exit = verifierExitCodes.rejected
    const { accepted, fault, codes } = report
    if (args.json) {
      const remarks = report.remarks.map(({ code }) => code)
      surroundings.out(`${JSON.stringify({ path, accepted, fault, codes, remarks })}\n`)
      continue
    }
    const program = await surroundings.program()
    const checking = { checkedAt: surroundings.now(), program, trustSha256, packageName: path }
    const lines = reportLines(describeReport(report, checking, args.language), args.language)
    surroundings.out(`${lines.join('\n')}\n`)
  }
  return exit
}

async function verifyOne(
  path: string,
  trust: PackageTrust,
  identity: string | undefined,
  options: VerifyOptions,
): Promise<PackageReport> {
  const isEncrypted = await isAgeFile(path).catch(() => false)
  if (!isEncrypted) return verifyPath(path, trust, options)
  if (identity === undefined) {
    throw new Fault(
      'bad_config',
      `${path} 已加密：请用 --identity 给出收件人的 age 身份文件\nit is encrypted: give the recipient's age identity with --identity FILE`,
    )
  }
  try {
    return await withDecrypted(path, identity, (decrypted) => verifyPath(decrypted, trust, options))
  } catch (error) {
    if (isContainerFault(error)) return refusedContainer(error.message)
    throw error
  }
}

function readArguments(args: readonly string[]): VerifyArguments | 'help' | 'version' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      trust: { type: 'string' },
      identity: { type: 'string' },
      json: { type: 'boolean', default: false },
      lang: { type: 'string', default: 'zh' },
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  if (values.version) return 'version'
  const { trust, identity, json, lang } = values
  if (positionals.length === 0 || trust === undefined || (lang !== 'zh' && lang !== 'en')) {
    throw new Fault('bad_request', usage.trimEnd())
  }
  return { packages: positionals, trust, identity, json, language: lang }
}

/** What parseArgs throws. */
function isAskedWrongly(error: unknown): boolean {
  return error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
}

/** One line that is written over, at most ten times a second. */
function progressBar({ columns, err }: VerifierIo) {
  let toldAtMs = 0
  return {
    update: (bytes: number, ofBytes: number): void => {
      const nowMs = performance.now()
      if (columns === null || nowMs - toldAtMs < 100) return
      toldAtMs = nowMs
      const part = ofBytes === 0 ? 1 : bytes / ofBytes
      const width = Math.max(10, Math.min(50, columns - 30))
      const bar = '█'.repeat(Math.round(part * width)).padEnd(width, '░')
      err(`\r${bar} ${Math.floor(part * 100)}% ${Math.round(bytes / 1e6)} MB`)
    },
    end: (): void => {
      if (columns !== null && toldAtMs > 0) err('\r\u001b[K')
    },
  }
}
