import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../services/foundation/errors.ts'
import { makeRunDirectory, runSandboxed } from './sandbox.ts'

const escapesFile = join(import.meta.dirname, 'sandbox', 'escapes.pl')

const notPermitted = 1
const notImplemented = 38

interface Forbidden {
  readonly name: string
  /** x64, arm64; null where the call does not exist. */
  readonly numbers: readonly [number | null, number | null]
  /** Such that the call would do something, or complain about something else, if it were let through. */
  readonly arguments: readonly (number | string)[]
  readonly error?: number
}

const [atWorkingDirectory, readWrite] = [-100, 2]
const newUserNamespace = 0x1000_0000

/** Some calls that the filter must refuse, one or more of each kind. */
const forbiddenCalls: readonly Forbidden[] = [
  { name: 'socket', numbers: [41, 198], arguments: [1, 1, 0] },
  { name: 'socketpair', numbers: [53, 199], arguments: [1, 1, 0, 0] },
  { name: 'ptrace', numbers: [101, 117], arguments: [0, 0, 0, 0] },
  { name: 'process_vm_readv', numbers: [310, 270], arguments: [1, 0, 0, 0, 0, 0] },
  { name: 'io_uring', numbers: [425, 425], arguments: [1, 0] },
  { name: 'keyctl', numbers: [250, 219], arguments: [0, -2, 1] },
  { name: 'bpf', numbers: [321, 280], arguments: [99, 0, 0] },
  { name: 'perf_event_open', numbers: [298, 241], arguments: [0, 0, -1, -1, 0] },
  { name: 'userfaultfd', numbers: [323, 282], arguments: [99] },
  { name: 'mount', numbers: [165, 40], arguments: [0, 0, 0, 0, 0] },
  { name: 'unshare', numbers: [272, 97], arguments: [newUserNamespace] },
  { name: 'setns', numbers: [308, 268], arguments: [-1, 0] },
  { name: 'clone-namespace', numbers: [56, 220], arguments: [newUserNamespace, 0, 0, 0, 0] },
  { name: 'clone-process', numbers: [56, 220], arguments: [0, 0, 0, 0, 0] },
  { name: 'clone3', numbers: [435, 435], arguments: [0, 0], error: notImplemented },
  { name: 'open_by_handle_at', numbers: [304, 265], arguments: [-1, 0, 0] },
  { name: 'memfd_create', numbers: [319, 279], arguments: ['memory', 0] },
  { name: 'shmget', numbers: [29, 194], arguments: [0, 4096, 0o1600] },
  { name: 'fallocate', numbers: [285, 47], arguments: [-1, 1, 0, 4096] },
  { name: 'unnamed-file', numbers: [257, 56], arguments: [atWorkingDirectory, '/out', unnamedFileFlags(), 0o600] },
  { name: 'seccomp', numbers: [317, 277], arguments: [0, 1, 0] },
  { name: 'unknown-call', numbers: [900, 900], arguments: [] },
]

/** O_TMPFILE holds O_DIRECTORY, which differs between the machines. */
function unnamedFileFlags(): number {
  return 0x40_0000 | (process.arch === 'arm64' ? 0x4000 : 0x1_0000) | readWrite
}

/** What escapes.pl is to try besides what it tries by itself: its arguments. */
export function callsToTry(): string[] {
  return forbiddenCalls.flatMap(({ name, numbers, arguments: values, error = notPermitted }) => {
    const number = numbers[process.arch === 'arm64' ? 1 : 0]
    return number === null ? [] : [[name, error, number, ...values].join(':')]
  })
}

/** A call by x86-64's other table; what lives after it prints. */
const x32Call = `syscall(${0x4000_0000 + 39}); print "foreign-calls\\n"`
/** Fills /out by count or by length, until it is ended. */
const manyFiles = 'for ($n = 0; open(F, ">", "/out/$n"); $n++) {} sleep 60'
const longFiles =
  'for ($n = 0; ; $n++) { open(F, ">", "/out/$n") or last; truncate(F, 90000) or last; close(F) } sleep 60'

/**
 * Proves that the sandbox holds on this machine, and returns the first line of `ffmpeg -version`. Footage is never
 * opened where this fails.
 *
 * @throws not_ready naming what is missing or what leaked
 */
export async function proveSandbox(scratchDirectory: string, signal: AbortSignal): Promise<string> {
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 })
  const directory = await mkdtemp(join(scratchDirectory, 'self-test-'))
  try {
    const leaks = await leaksOf(directory, signal)
    if (leaks !== '') {
      throw new Fault(
        'not_ready',
        `the sandbox for footage does not hold here (${leaks}): bubblewrap, user namespaces and a filter of system calls are needed; until then footage waits to be made playable`,
      )
    }
    await rm(join(directory, 'out'), { recursive: true })
    const common = { directory, timeoutMs: 20_000, stdoutBytesMax: 65_536, signal }
    const version = await runSandboxed('ffmpeg', { ...common, arguments: ['-version'] })
    const probe = await runSandboxed('ffprobe', { ...common, arguments: ['-version'] })
    if (version.code !== 0 || probe.code !== 0) {
      throw new Fault('not_ready', 'ffmpeg and ffprobe do not run in the sandbox: install them under /usr/bin')
    }
    return version.stdout.split('\n')[0]!.trim()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** What the sandbox does not hold back, or why it could not be tried; '' when it holds. */
async function leaksOf(directory: string, signal: AbortSignal): Promise<string> {
  const limits = { cpuSeconds: 10, fileBytes: 100_000, memoryBytes: 2 ** 32, outBytes: 1_000_000, outFiles: 100 }
  const perl = async (...args: string[]) => {
    await rm(join(directory, 'out'), { recursive: true, force: true })
    await makeRunDirectory(directory, limits)
    const run = { directory, timeoutMs: 20_000, stdoutBytesMax: 65_536, signal }
    return runSandboxed('perl', { ...run, arguments: args })
  }
  await makeRunDirectory(directory, limits)
  await copyFile(escapesFile, join(directory, 'in', 'escapes.pl'))
  const escaped = await perl('/in/escapes.pl', ...callsToTry())
  const leaks = escaped.stdout.trim().split(/\s+/).filter(Boolean)
  if (escaped.code !== 0 && leaks.length === 0) return escaped.limit ?? escaped.stderr.trim().slice(-300)
  if (process.arch === 'x64') leaks.push(...(await perl('-e', x32Call)).stdout.trim().split(/\s+/).filter(Boolean))
  if ((await perl('-e', manyFiles)).outcome !== 'too_much') leaks.push('output-files')
  if ((await perl('-e', longFiles)).outcome !== 'too_much') leaks.push('output-bytes')
  return leaks.join(', ')
}
