import t from 'tap'
import { absentCalls, allowedCalls, conditionalCalls, type Machine } from '../../../workers/transcode/seccomp/calls.ts'
import { filterProgram } from '../../../workers/transcode/seccomp/filter.ts'
import { compareGoldenBytes } from '../../support/golden.ts'

const machines: Readonly<Record<Machine, number>> = { x86_64: 0xc000003e, aarch64: 0xc00000b7 }
const foreign = { i386: 0x40000003, arm: 0x40000028, x32: 0xc000003e, riscv64: 0xc00000f3 }
const [kill, allow, notPermitted, notImplemented] = [0x80000000, 0x7fff0000, 0x00050001, 0x00050026]

interface Call {
  readonly machine: number
  readonly number: number
  readonly arguments?: readonly bigint[]
}

/** Runs a classic BPF program on one struct seccomp_data, as the kernel does. Throws on what a filter must not hold. */
function answerOf(program: Buffer, call: Call): number {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(call.number >>> 0, 0)
  data.writeUInt32LE(call.machine, 4)
  for (const [index, value] of (call.arguments ?? []).entries()) data.writeBigUInt64LE(value, 16 + 8 * index)
  let accumulator = 0
  for (let at = 0; at < program.length; at += 8) {
    const operand = program.readUInt32LE(at + 4)
    const jump = (isTrue: boolean): number => 8 * program.readUInt8(at + (isTrue ? 2 : 3))
    switch (program.readUInt16LE(at)) {
      case 0x20:
        accumulator = data.readUInt32LE(operand)
        break
      case 0x54:
        accumulator = (accumulator & operand) >>> 0
        break
      case 0x15:
        at += jump(accumulator === operand)
        break
      case 0x35:
        at += jump(accumulator >= operand)
        break
      case 0x06:
        return operand
      default:
        throw new Error(`no instruction of a filter at ${at}`)
    }
  }
  throw new Error('the filter ends without an answer')
}

const numberOn = (machine: Machine, numbers: readonly (number | null)[]): number | null | undefined =>
  numbers[machine === 'x86_64' ? 0 : 1]

for (const machine of Object.keys(machines) as Machine[]) {
  const program = filterProgram(machine)
  const ask = (number: number, ...args: bigint[]): number =>
    answerOf(program, { machine: machines[machine], number, arguments: args })

  t.test(`${machine}: the committed program is the generated one`, async (t) => {
    compareGoldenBytes(t, new URL(`../../../workers/transcode/sandbox/${machine}.bpf`, import.meta.url), program)
    t.ok(program.length / 8 <= 4096, 'the kernel takes 4096 instructions at most')
  })

  t.test(`${machine}: every number passes only when it is listed, those of calls yet to come included`, async (t) => {
    const listed = new Map<number, number>()
    for (const numbers of Object.values(allowedCalls)) listed.set(numberOn(machine, numbers) ?? -1, allow)
    for (const numbers of Object.values(absentCalls)) listed.set(numberOn(machine, numbers) ?? -1, notImplemented)
    const conditional = new Set(Object.values(conditionalCalls).map(({ numbers }) => numberOn(machine, numbers)))
    for (let number = 0; number < 5000; number++) {
      if (conditional.has(number)) continue
      if (ask(number) !== (listed.get(number) ?? notPermitted)) t.fail(`call ${number}`)
    }
    for (const number of [0x3fffffff, 0x7fffffff, -1]) t.not(ask(number), allow)
  })

  t.test(`${machine}: an argument decides where a call can do more than a decoder needs`, async (t) => {
    const number = (name: string): number => numberOn(machine, conditionalCalls[name]!.numbers)!
    const thread = 0x3d0f00n
    t.equal(ask(number('clone'), thread), allow, "the flags of glibc's threads")
    t.equal(ask(number('clone'), 17n), notPermitted, 'a process of its own')
    for (const namespace of [0x20000n, 0x2000000n, 0x4000000n, 0x8000000n, 0x10000000n, 0x20000000n, 0x40000000n]) {
      t.equal(ask(number('clone'), thread | namespace), notPermitted)
    }
    const [readOnly, create, unnamed] = [0n, 0o1101n, 0o20200002n]
    t.same(
      [readOnly, create, unnamed].map((flags) => ask(number('openat'), 0n, 0n, flags)),
      [allow, allow, notPermitted],
    )
    const [tcgets, tiocsti] = [0x5401n, 0x5412n]
    t.same(
      [tcgets, tiocsti, (1n << 32n) | tiocsti].map((request) => ask(number('ioctl'), 0n, request)),
      [allow, notPermitted, notPermitted],
    )
    const [setName, setSeccomp] = [15n, 22n]
    t.same(
      [setName, setSeccomp].map((option) => ask(number('prctl'), option)),
      [allow, notPermitted],
    )
  })

  t.test(`${machine}: calls by another machine's table kill the process`, async (t) => {
    for (const [name, code] of Object.entries(foreign)) {
      const number = name === 'x32' ? 0x40000000 : 0
      if (name === 'x32' && machine !== 'x86_64') continue
      t.equal(answerOf(program, { machine: code, number }), kill, name)
    }
    const other = machine === 'x86_64' ? 'aarch64' : 'x86_64'
    t.equal(answerOf(program, { machine: machines[other], number: 0 }), kill)
  })
}
