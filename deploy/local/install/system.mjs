import { dirname, join } from 'node:path'
import { withLock } from './lock.mjs'
import { cachedPrograms, chineseFont, chromium, onPath, postgresBin, redisServer } from './programs.mjs'
import { InstallFailure, say, secondsSince, tail } from './progress.mjs'
import { run } from './run.mjs'

// Programs of the operating system. Each is taken from an address in the environment, else from the PATH, else
// installed with apt-get where that is possible (Debian and its children, as root).

const programs = [
  {
    name: 'PostgreSQL 15 or newer',
    present: () => Boolean(process.env.DATABASE_URL || postgresBin()),
    apt: ['postgresql'],
    otherwise: 'DATABASE_URL=postgres://… (a superuser of a server of your own)',
  },
  {
    name: 'Redis 7 or newer',
    present: () => Boolean(process.env.REDIS_URL || redisServer()),
    apt: ['redis-server'],
    otherwise: 'REDIS_URL=redis://… (AOF on, maxmemory-policy noeviction)',
  },
  {
    name: 'ffmpeg and ffprobe',
    present: () => Boolean(onPath('ffmpeg') && onPath('ffprobe')),
    apt: ['ffmpeg'],
    otherwise: 'both programs on the PATH',
  },
  {
    name: 'heif-convert and heif-info (HEIC and AVIF stills)',
    present: () => Boolean(onPath('heif-convert') && onPath('heif-info')),
    apt: ['libheif-examples'],
    otherwise: 'both programs under /usr/bin; without them such stills are kept and said to be not playable',
    optional: true,
  },
  {
    name: 'bubblewrap (bwrap)',
    present: () => Boolean(onPath('bwrap')),
    apt: ['bubblewrap'],
    otherwise: 'bwrap on the PATH',
  },
  {
    name: 'prlimit',
    present: () => Boolean(onPath('prlimit')),
    apt: ['util-linux'],
    otherwise: 'prlimit (util-linux) on the PATH',
  },
  {
    name: 'a Chinese font (Noto Sans CJK)',
    present: () => Boolean(chineseFont()),
    apt: ['fonts-noto-cjk'],
    otherwise: 'FONT_FILE=/path/to/a/font.ttc',
  },
  {
    name: 'sox (AMR sample of the recording pen)',
    present: () => Boolean(onPath('sox')),
    apt: ['sox', 'libsox-fmt-all'],
    otherwise: 'sox on the PATH; without it there is no AMR sample',
    optional: true,
  },
  {
    name: 'Chromium (browser tests)',
    present: () => Boolean(chromium()),
    apt: ['chromium'],
    otherwise: 'CHROMIUM_BIN=/path/to/chromium or chrome',
    testsOnly: true,
  },
  {
    name: 'mkfs.vfat, mcopy and mdir (the cards of a docking station)',
    present: () => ['mkfs.vfat', 'mcopy', 'mdir'].every((name) => onPath(name)),
    apt: ['dosfstools', 'mtools'],
    otherwise: 'the three on the PATH; without them the demo follows the store of an older station instead',
    optional: true,
  },
  {
    name: 'mkfs.vfat, mcopy, mkfs.exfat, exfat-fuse (simulated devices of a docking station)',
    present: () => ['mkfs.vfat', 'mcopy', 'mdir', 'mkfs.exfat', 'mount.exfat-fuse'].every((name) => onPath(name)),
    apt: ['dosfstools', 'mtools', 'exfatprogs', 'exfat-fuse'],
    otherwise: 'the five on the PATH, root and /dev/fuse: cards are mounted for real',
    testsOnly: true,
  },
  {
    name: 'gphoto2 (devices on a cable; its driver for folders stands for one in the tests)',
    present: () => Boolean(onPath('gphoto2')),
    apt: ['gphoto2'],
    otherwise: 'gphoto2 on the PATH',
    testsOnly: true,
  },
  {
    name: 'openssl (tests of time-stamps)',
    present: () => Boolean(onPath('openssl')),
    apt: ['openssl'],
    otherwise: 'openssl on the PATH; without it no other tool checks the time-stamps',
    testsOnly: true,
    optional: true,
  },
  {
    name: 'pdftotext (tests of the report)',
    present: () => Boolean(onPath('pdftotext')),
    apt: ['poppler-utils'],
    otherwise: 'pdftotext on the PATH; without it no other tool reads the report',
    testsOnly: true,
    optional: true,
  },
  {
    name: 'ssh-agent, ssh-add and ssh-keygen (tests with a witness that others wrote)',
    present: () => ['ssh-agent', 'ssh-add', 'ssh-keygen'].every((name) => onPath(name)),
    apt: ['openssh-client'],
    otherwise: 'the three on the PATH; without them no other witness signs',
    testsOnly: true,
    optional: true,
  },
  {
    name: 'swtpm and systemd-creds (tests of a station key that is sealed to a TPM)',
    // systemd-creds loads the libraries that come with tpm2-tools, under a name that is the same in every release.
    present: () => ['swtpm', 'systemd-creds', 'tpm2'].every((name) => onPath(name)),
    apt: ['swtpm', 'libtss2-tcti-swtpm0', 'systemd', 'tpm2-tools'],
    otherwise: 'swtpm, systemd-creds and tpm2 on the PATH, and the tss2 library for swtpm',
    testsOnly: true,
  },
]

/** Makes sure of the system programs; throws InstallFailure with every way to provide what is missing. */
export async function installSystemPrograms({ forTests }) {
  const wanted = programs.filter((program) => forTests || !program.testsOnly)
  const missing = wanted.filter((program) => !program.present())
  if (missing.length === 0) return
  const problem = await installWithApt(missing.flatMap((program) => program.apt))
  const still = wanted.filter((program) => !program.present())
  for (const program of still.filter((one) => one.optional)) say(`  left out: ${program.name}; ${program.otherwise}`)
  const needed = still.filter((program) => !program.optional)
  if (needed.length > 0) throw new InstallFailure(howToProvide(needed, problem))
}

/** Installs packages; returns why not when it could not, undefined when apt-get was content. */
export async function installWithApt(packages) {
  if (!onPath('apt-get')) return 'there is no apt-get on this system'
  if (process.getuid?.() !== 0) return 'this is not root, so apt-get was not tried'
  // apt-get update takes a lock that it does not wait for.
  return withLock(join(dirname(cachedPrograms()), 'apt.lock'), 'system packages', () => runApt(packages))
}

async function runApt(packages) {
  const startMs = Date.now()
  say(`  system packages: apt-get install ${packages.join(' ')}, about a minute`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const update = await run('apt-get', ['-q', 'update'], { env })
  const args = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', 'install', '--no-install-recommends', ...packages]
  const install = await run('apt-get', args, { env })
  if (install.code !== 0) {
    return `apt-get failed:\n${tail(update.code === 0 ? install.output : `${update.output}\n${install.output}`)}`
  }
  say(`  system packages installed (${secondsSince(startMs)} s)`)
  return undefined
}

function howToProvide(needed, problem) {
  const rows = needed.map(
    (program) =>
      `  - ${program.name}: system package ${program.apt.join(' ')} (Debian's names), or ${program.otherwise}`,
  )
  return (
    `Missing, and not installed because ${problem ?? 'the packages did not bring it'}\n${rows.join('\n')}\n` +
    `  As root: apt-get update && apt-get install ${needed.flatMap((program) => program.apt).join(' ')}\n` +
    '  Or without any of these: docker compose up --build (see deploy/RUNBOOK.md)'
  )
}
