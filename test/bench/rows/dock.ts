import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { SimulatedVolume } from '../../../deploy/local/devices/make-volume.ts'
import type { Stack } from '../../../deploy/local/stack.ts'
import type { SlotCard } from '../../../services/dock/screen/schemas.ts'
import { type Bureau, inBureau, settleDisk } from '../bureau.ts'
import { atWall, type BenchStation, type BenchWall, startStation } from '../dock-station.ts'
import type { Family } from '../family.ts'
import { repeated, stepLimitMs } from '../harness.ts'
import { childrenOf, cpuSeconds, forgetPeakMemory, peakMemoryMiB } from '../process-figures.ts'

const mebibyte = 1024 * 1024
const devices = 57
const filesEach = 4
const full = { fileBytes: 16 * mebibyte, singleBytes: 256 * mebibyte }
const short = { fileBytes: 4 * mebibyte, singleBytes: 128 * mebibyte }

/** The end of a shift at one station: 57 recorders appear at once. */
export const dockRows: Family = {
  rows: [
    {
      name: 'dock/57',
      goal: { of: 'ratio', atLeast: 0.95 },
      unit: 'MB/s',
      what: `${devices} devices of ${filesEach} files each through the agent until all is sealed ÷ the best of two devices of one file that dock alone`,
    },
    {
      name: 'dock/fairness',
      goal: { of: 'ratio', atMost: 1.5 },
      unit: 's',
      what: `slowest ÷ fastest of ${devices} devices that appear at once`,
    },
    {
      name: 'dock/may-leave',
      goal: { of: 'ours', atMost: 2 },
      unit: 's',
      what: `from a device's signed list to 可先离开, the longest of ${devices} that appear at once`,
    },
    { name: 'dock/memory', goal: { of: 'ours', atMost: 256 }, unit: 'MiB', what: 'peak memory of the agent meanwhile' },
    {
      name: 'dock/memory-ingest',
      goal: { of: 'ours', atMost: 256 },
      unit: 'MiB',
      what: 'peak memory of the ingest process meanwhile',
    },
  ],
  short: 'files of 4 MiB instead of 16 MiB, the single file 128 MiB instead of 256 MiB',
  limitMinutes: 40,
  run: (options) =>
    inBureau(options, (bureau) =>
      atWall(bureau, async (wall, folder) => {
        await bureau.start('sequencer')
        const sizes = options.isShort ? short : full
        const rounds = await repeated(options.rounds, async (round) => {
          const measured = await measureRound(bureau, wall, folder, { round, ...sizes })
          options.say(noteOf(measured))
          return measured
        })
        return {
          'dock/57': {
            ours: rounds.map(({ crowd }) => crowd.megabytesPerSecond),
            theirs: rounds.map(({ singles }) => Math.max(...singles)),
            note: rounds.map(noteOf).join('; '),
          },
          'dock/fairness': {
            ours: rounds.map(({ crowd }) => Math.max(...crowd.sentSeconds)),
            theirs: rounds.map(({ crowd }) => Math.min(...crowd.sentSeconds)),
          },
          'dock/may-leave': {
            ours: rounds.map(({ crowd }) => Math.max(...crowd.mayLeaveSeconds)),
            theirs: null,
            note: rounds
              .map(({ crowd }) => `${Math.max(...crowd.appearedSeconds).toFixed(1)} s after they appeared`)
              .join(', '),
          },
          'dock/memory': {
            ours: rounds.map(({ memory }) => memory.agent),
            theirs: null,
            note: rounds.map(({ memory }) => `${memory.agentAlone.toFixed(0)} MiB with one device`).join(', '),
          },
          'dock/memory-ingest': { ours: rounds.map(({ memory }) => memory.ingest), theirs: null },
        }
      }),
    ),
}

interface Crowd {
  readonly megabytesPerSecond: number
  /** Of each device, from the moment at which all appeared. */
  readonly sentSeconds: readonly number[]
  readonly appearedSeconds: readonly number[]
  /** Of each device, from its signed list. */
  readonly mayLeaveSeconds: readonly number[]
  /** CPU time while it lasted, by who used it; `all` counts the whole machine. */
  readonly cpu: Readonly<Record<string, number>>
  readonly seconds: number
}

interface Recorder {
  readonly serial: string
  readonly volume: SimulatedVolume
}

interface Round {
  readonly singles: readonly number[]
  readonly crowd: Crowd
  readonly memory: { readonly agent: number; readonly agentAlone: number; readonly ingest: number }
}

/** A fresh ingest and a fresh agent: one device alone, then all at once, then one alone again. */
async function measureRound(
  bureau: Bureau,
  wall: BenchWall,
  folder: string,
  { round, fileBytes, singleBytes }: { round: number; fileBytes: number; singleBytes: number },
): Promise<Round> {
  const serialOf = (number: number) => `B${String(round * 1000 + number).padStart(6, '0')}`
  const make = async (number: number, files: { count: number; bytes: number }): Promise<Recorder> => {
    const serial = serialOf(number)
    return { serial, volume: await wall.make(serial, files) }
  }
  const crowd: Recorder[] = []
  for (let number = 1; number <= devices; number++)
    crowd.push(await make(number, { count: filesEach, bytes: fileBytes }))
  const alone: Recorder[] = []
  for (const number of [101, 102, 103]) alone.push(await make(number, { count: 1, bytes: singleBytes }))
  const ingest = await bureau.start('ingest')
  const station = await startStation(bureau, wall.wall, folder)
  try {
    while ((await station.state()).server !== 'online') await delay(50)
    const single = async (recorder: Recorder) => {
      await settleDisk()
      const { seconds } = await dockAtOnce(bureau, station, [recorder])
      await pullAll(station, [recorder])
      return singleBytes / 1e6 / seconds
    }
    await single(alone[0]!) // warms both processes up
    forgetPeakMemory(station.process.pid)
    const before = await single(alone[1]!)
    const agentAlone = peakMemoryMiB(station.process.pid)
    await settleDisk()
    for (const { pid } of [ingest, station.process]) forgetPeakMemory(pid)
    const cpuBefore = cpuBy(bureau.stack, { agent: station.process.pid, ingest: ingest.pid })
    const docked = await dockAtOnce(bureau, station, crowd)
    const cpu = cpuSince(cpuBefore, cpuBy(bureau.stack, { agent: station.process.pid, ingest: ingest.pid }))
    const memory = { agent: peakMemoryMiB(station.process.pid), agentAlone, ingest: peakMemoryMiB(ingest.pid) }
    await pullAll(station, crowd)
    const singles = [before, await single(alone[2]!)]
    const megabytes = (devices * filesEach * fileBytes) / 1e6
    return { singles, memory, crowd: { ...docked, cpu, megabytesPerSecond: megabytes / docked.seconds } }
  } finally {
    await station.process.stop()
  }
}

/** Lets the agent see all of them in one look, and waits until every file is sealed. */
async function dockAtOnce(
  bureau: Bureau,
  { process: agent, state }: BenchStation,
  recorders: readonly Recorder[],
): Promise<Omit<Crowd, 'cpu' | 'megabytesPerSecond'>> {
  const sealedBefore = await sealedCount(bureau)
  process.kill(agent.pid, 'SIGSTOP')
  for (const [index, { volume }] of recorders.entries()) await volume.plugIn(index + 1)
  const appearedMs = Date.now()
  process.kill(agent.pid, 'SIGCONT')
  const mayLeave = new Map<string, number>()
  const sent = new Map<string, number>()
  const serials = new Set<string | null>(recorders.map(({ serial }) => serial))
  let total = 0
  while (sent.size < recorders.length) {
    if (Date.now() - appearedMs > stepLimitMs)
      throw new Error(`${sent.size} of ${recorders.length} devices were sent within five minutes`)
    const cards = (await state()).slots.filter(({ serial }) => serials.has(serial))
    const nowMs = Date.now()
    for (const card of cards) {
      if (card.mayLeave && !mayLeave.has(card.serial!)) mayLeave.set(card.serial!, nowMs)
      if (isSent(card) && !sent.has(card.serial!)) sent.set(card.serial!, nowMs)
    }
    total = cards.reduce((sum, { files }) => sum + files.total, 0)
    await delay(100)
  }
  while ((await sealedCount(bureau)) < sealedBefore + total) {
    if (Date.now() - appearedMs > stepLimitMs) throw new Error('not every file was sealed within five minutes')
    await delay(20)
  }
  const seconds = (Date.now() - appearedMs) / 1000
  const listed = await listTimes(bureau, [...mayLeave.keys()])
  return {
    seconds,
    sentSeconds: [...sent.values()].map((ms) => (ms - appearedMs) / 1000),
    appearedSeconds: [...mayLeave.values()].map((ms) => (ms - appearedMs) / 1000),
    mayLeaveSeconds: [...mayLeave].map(([serial, ms]) => (ms - listed.get(serial)!) / 1000),
  }
}

const isSent = ({ files }: SlotCard) => files.total > 0 && files.sent === files.total

async function pullAll({ state }: BenchStation, recorders: readonly Recorder[]): Promise<void> {
  for (const { volume } of recorders) await volume.pull()
  while ((await state()).slots.some(({ word }) => word !== 'empty' && word !== 'taken')) await delay(50)
}

async function sealedCount({ db }: Bureau): Promise<number> {
  const { count } = await db
    .selectFrom('upload')
    .where('state', '=', 'sealed')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** When the agent signed each list, as it says in it: by the clock of this machine. */
async function listTimes({ db }: Bureau, serials: readonly string[]): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('hand_in')
    .where('device_serial', 'in', serials)
    .select(['device_serial', 'head'])
    .execute()
  return new Map(
    rows.map(({ device_serial, head }) => [
      device_serial,
      Date.parse((JSON.parse(head.toString()) as { openedAt: string }).openedAt),
    ]),
  )
}

/** CPU seconds so far of our two processes, of the servers, of the programs that drive the devices, and of the machine. */
function cpuBy(stack: Stack, ours: Readonly<Record<string, number>>): Record<string, number> {
  const folder = join(stack.directory, 'pids')
  const pidOf = (name: string) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { pid: number }).pid
  const servers = Object.fromEntries(readdirSync(folder).map((name) => [name, pidOf(name)]))
  const seconds = Object.entries({ ...ours, ...servers }).map(([name, pid]) => [name, treeSeconds(pid)] as const)
  return { ...Object.fromEntries(seconds), devices: driverSeconds(), all: busySeconds() }
}

function cpuSince(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]))
}

function treeSeconds(pid: number): number {
  return cpuSeconds(pid) + childrenOf(pid).reduce((sum, child) => sum + treeSeconds(child), 0)
}

/** Of every process that plays a card's driver. */
function driverSeconds(): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.reduce((sum, pid) => sum + secondsOfDriver(Number(pid)), 0)
}

function secondsOfDriver(pid: number): number {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('mount.exfat') ? cpuSeconds(pid) : 0
  } catch {
    return 0 // it has ended in between
  }
}

/** Everything but idling and waiting for disks, of all processors (proc_stat(5)). */
function busySeconds(): number {
  const [user, nice, system, , , irq, softIrq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .trim()
    .split(/ +/)
    .slice(1)
    .map(Number)
  return (user! + nice! + system! + irq! + softIrq! + steal!) / 100
}

function noteOf({ singles, crowd, memory }: Round): string {
  const { cpu, seconds } = crowd
  const parts = Object.entries(cpu)
    .filter(([name]) => name !== 'all')
    .sort(([, a], [, b]) => b - a)
    .filter(([, used]) => used >= 0.1)
    .map(([name, used]) => `${name} ${used.toFixed(1)}`)
  return [
    `one ${singles.map((one) => one.toFixed(0)).join(' and ')} MB/s, ${devices} at once ${crowd.megabytesPerSecond.toFixed(0)} in ${seconds.toFixed(1)} s,`,
    `of ${cpu.all!.toFixed(1)} s of processors used ${parts.join(', ')};`,
    `agent ${memory.agent.toFixed(0)} (${memory.agentAlone.toFixed(0)} with one device), ingest ${memory.ingest.toFixed(0)} MiB`,
  ].join(' ')
}
