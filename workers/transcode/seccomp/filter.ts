import { absentCalls, allowedCalls, conditionalCalls, type Machine } from './calls.ts'

// struct sock_filter of linux/filter.h: what the kernel runs before each system call, on struct seccomp_data of
// linux/seccomp.h {int nr; u32 arch; u64 instruction_pointer; u64 args[6]}, little-endian on both machines.
interface Instruction {
  readonly code: number
  readonly jumpIfTrue: number
  readonly jumpIfFalse: number
  readonly operand: number
}

const instructionBytes = 8
const numberAt = 0
const machineAt = 4
const argumentsAt = 16

/** BPF_LD|BPF_W|BPF_ABS, BPF_ALU|BPF_AND|BPF_K, BPF_JMP|BPF_JEQ|BPF_K, BPF_JMP|BPF_JGE|BPF_K, BPF_RET|BPF_K */
const codes = { load: 0x20, and: 0x54, equal: 0x15, atLeast: 0x35, answer: 0x06 }

const allow = 0x7fff_0000
const killProcess = 0x8000_0000
const refuse = 0x0005_0000
const notPermitted = 1
const notImplemented = 38

/** AUDIT_ARCH_… of linux/audit.h. */
const machineCodes: Readonly<Record<Machine, number>> = { x86_64: 0xc000_003e, aarch64: 0xc000_00b7 }
/** x86-64 has a second table of calls, x32, whose numbers begin here: none of them is meant by ours. */
const x32First = 0x4000_0000

/**
 * The sandbox's filter of system calls as a classic BPF program for `bwrap --seccomp`: calls by another machine's table
 * kill the process, allowed calls pass, some seem not to exist, and every other call, known today or not, fails with EPERM.
 *
 * The programs stand ready beside sandbox.sh (`<machine>.bpf`, `npm run golden` writes them), so that nothing but the
 * shell is needed to start a sandbox. Pure.
 */
export function filterProgram(machine: Machine): Buffer {
  const instructions = [
    load(machineAt),
    ifEqual(machineCodes[machine], 1, 0),
    answer(killProcess),
    load(numberAt),
    ...(machine === 'x86_64' ? [{ ...ifEqual(x32First, 0, 1), code: codes.atLeast }, answer(killProcess)] : []),
    ...numbersOf(allowedCalls, machine).flatMap((number) => [ifEqual(number, 0, 1), answer(allow)]),
    ...numbersOf(absentCalls, machine).flatMap((number) => [ifEqual(number, 0, 1), answer(refuse | notImplemented)]),
    ...Object.values(conditionalCalls).flatMap((call) => conditional(call, machine)),
    answer(refuse | notPermitted),
  ]
  return Buffer.concat(instructions.map(encode))
}

/** The call's own check ends in an answer either way: the number is not looked at again after an argument was loaded. */
function conditional(call: (typeof conditionalCalls)[string], machine: Machine): Instruction[] {
  const [number] = numbersOf({ call: call.numbers }, machine)
  if (number === undefined) return []
  const check = [
    load(argumentsAt + 8 * call.argument),
    { ...answer(call.mask), code: codes.and },
    ...call.values.flatMap((value) => [ifEqual(value, 0, 1), answer(allow)]),
    answer(refuse | notPermitted),
  ]
  return [ifEqual(number, 0, check.length), ...check]
}

function numbersOf(calls: Readonly<Record<string, readonly (number | null)[]>>, machine: Machine): number[] {
  const column = machine === 'x86_64' ? 0 : 1
  return Object.values(calls).flatMap((numbers) => numbers[column] ?? [])
}

function load(offset: number): Instruction {
  return { code: codes.load, jumpIfTrue: 0, jumpIfFalse: 0, operand: offset }
}

function ifEqual(operand: number, jumpIfTrue: number, jumpIfFalse: number): Instruction {
  return { code: codes.equal, jumpIfTrue, jumpIfFalse, operand }
}

function answer(operand: number): Instruction {
  return { code: codes.answer, jumpIfTrue: 0, jumpIfFalse: 0, operand }
}

function encode({ code, jumpIfTrue, jumpIfFalse, operand }: Instruction): Buffer {
  const bytes = Buffer.alloc(instructionBytes)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(jumpIfTrue, 2)
  bytes.writeUInt8(jumpIfFalse, 3)
  bytes.writeUInt32LE(operand >>> 0, 4)
  return bytes
}
