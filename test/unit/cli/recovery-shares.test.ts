import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { parseShare, shareText } from '../../../services/cli/recovery-share.ts'
import { testTerminal } from '../../support/terminal.ts'

async function custody(...args: string[]) {
  const terminal = testTerminal()
  const code = await runProgram(args, terminal)
  return { code, printed: terminal.printed.join('\n'), told: terminal.told.join('\n') }
}

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'custody-shares-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A key in a file, and its shares. */
async function split(t: Test, shares: number, needed: number) {
  const directory = folder(t)
  const key = join(directory, 'recovery.key')
  const { printed: recipient } = await custody('recovery-key', '--out', key)
  const out = join(directory, 'shares')
  const counts = ['--shares', String(shares), '--needed', String(needed)]
  const made = await custody('recovery-key', '--from', key, ...counts, '--out-directory', out)
  t.equal(made.code, 0, made.told)
  t.equal(made.printed, recipient, 'the shares are of the same key')
  const paths = readdirSync(out)
    .sort()
    .map((name) => join(out, name))
  return { directory, key, recipient, paths }
}

t.test('any two of three shares make the same key again, and each file is its keeper’s alone', async (t) => {
  const { directory, key, recipient, paths } = await split(t, 3, 2)
  t.equal(paths.length, 3)
  for (const [at, path] of paths.entries()) {
    t.equal(statSync(path).mode & 0o777, 0o600)
    const text = readFileSync(path, 'utf8')
    t.match(text, `share ${at + 1} of 3, any 2 are enough`)
    t.match(text, recipient)
    t.match(text, /请单独装入信封/)
    t.match(text, /Put it alone into an envelope/)
    t.notMatch(text, /AGE-SECRET-KEY/)
  }
  for (const [n, [one, other]] of [
    [0, 1],
    [2, 0],
    [1, 2],
  ].entries()) {
    const out = join(directory, `joined-${n}`)
    const joined = await custody('recovery-key', 'join', paths[one!]!, paths[other!]!, '--out', out)
    t.equal(joined.code, 0, joined.told)
    t.equal(joined.printed, recipient)
    t.equal(readFileSync(out, 'utf8'), readFileSync(key, 'utf8'))
    t.equal(statSync(out).mode & 0o777, 0o600)
  }
  const all = await custody('recovery-key', 'join', ...paths, '--out', join(directory, 'all'))
  t.equal(all.code, 0, 'more than are needed do too')
  const again = await custody('recovery-key', 'join', ...paths, '--out', join(directory, 'all'))
  t.match(again, { code: 2, told: /not written over/ })
})

t.test('a new key may exist as shares alone', async (t) => {
  const directory = folder(t)
  const made = await custody('recovery-key', '--shares', '5', '--needed', '3', '--out-directory', directory)
  t.match(made, { code: 0, printed: /^age1/ })
  const paths = readdirSync(directory).map((name) => join(directory, name))
  t.equal(paths.length, 5)
  const out = join(directory, 'joined')
  t.match(await custody('recovery-key', 'join', ...paths.slice(0, 3), '--out', out), { printed: made.printed })
})

t.test('a share that was typed off paper is read, and what was typed wrongly is named', async (t) => {
  const { directory, recipient, paths } = await split(t, 3, 2)
  const lines = readFileSync(paths[0]!, 'utf8').split('\n')
  const typed = join(directory, 'typed')
  const [first, ...others] = [paths[1]!, typed]
  const out = join(directory, 'out')
  const join2 = (text: string) => {
    writeFileSync(typed, text)
    return custody('recovery-key', 'join', first, ...others, '--out', out)
  }
  const groups = lines.slice(3, 7)
  const withGroups = (changed: readonly string[]) => [...lines.slice(0, 3), ...changed].join('\n')
  const swapped = (line: string) => line.replace(/^(\d: )(.)(.)/, (_, head, a, b) => `${head}${b}${a === b ? 'A' : a}`)
  const second = readFileSync(paths[1]!, 'utf8').split('\n')
  for (const [what, text, message] of [
    ['two letters changed places', withGroups([groups[0]!, swapped(groups[1]!), ...groups.slice(2)]), /typed: line 2 /],
    ['a letter that is not used', withGroups([groups[0]!.replace(/: ./, ': 0'), ...groups.slice(1)]), /line 1 .*'0'/],
    ['a letter missing', withGroups([groups[0]!, groups[1]!, groups[2]!.slice(0, -1), groups[3]!]), /line 3 .*not 17/],
    ['a line missing', withGroups(groups.slice(1)), /4 lines of letters follow, not 3/],
    ['lines in another order', withGroups([groups[1]!, groups[0]!, ...groups.slice(2)]), /line 1 /],
    ['a line of another share', withGroups([...groups.slice(0, 3), second[6]!]), /line 4 /],
    ['another number', [lines[0], lines[1]!.replace('1 of', '3 of'), ...lines.slice(2)].join('\n'), /line 1 /],
    ['fewer that are needed', lines.join('\n').replace('any 2', 'any 1'), /head was changed/],
    ['no share', 'AGE-SECRET-KEY-1', /no share of a recovery key/],
  ] as const) {
    const answer = await join2(text)
    t.match(answer, { code: 2, told: message }, what)
  }
  const careless = withGroups(groups.map((line) => line.toLowerCase().replaceAll(' ', '').replace(':', ' : ')))
  t.match(await join2(careless), { code: 0, printed: recipient })
})

t.test('foreign, doubled and too few shares get a sentence each', async (t) => {
  const { directory, key, paths } = await split(t, 3, 2)
  const foreign = await split(t, 3, 2)
  const anew = join(directory, 'anew')
  const resplit = ['--from', key, '--shares', '3', '--needed', '2', '--out-directory', anew]
  t.equal((await custody('recovery-key', ...resplit)).code, 0)
  const samePlace = join(directory, 'same-place')
  const [own, other] = [paths[0]!, join(anew, 'recovery-share-2-of-3.txt')].map((path) =>
    parseShare(readFileSync(path, 'utf8'), path),
  )
  const bytes = Uint8Array.from([...other!.bytes.slice(0, -1), own!.bytes.at(-1)!])
  writeFileSync(samePlace, shareText({ ...other!, bytes }))
  const wide = join(directory, 'wide')
  await custody('recovery-key', '--from', key, '--shares', '5', '--needed', '3', '--out-directory', wide)
  const out = ['--out', join(directory, 'out')]
  for (const [shares, message] of [
    [[paths[0]!], /2 different shares make the key, and 1 are given/],
    [[paths[0]!, paths[0]!], /share 1 was given already/],
    [[paths[0]!, foreign.paths[1]!], /belongs to another key/],
    [[paths[0]!, join(wide, 'recovery-share-2-of-5.txt')], /another splitting/],
    [[paths[0]!, join(anew, 'recovery-share-2-of-3.txt')], /two different splittings/],
    [[paths[0]!, samePlace], /two different splittings/],
    [[paths[0]!, join(directory, 'nowhere')], /cannot be read/],
  ] as const) {
    t.match(await custody('recovery-key', 'join', ...shares, ...out), { code: 2, told: message })
  }
  t.notOk(readdirSync(directory).includes('out'), 'nothing was written')
})

t.test('what cannot be split, or in no such way, is said before anything is written', async (t) => {
  const { directory, key } = await split(t, 2, 2)
  const out = join(directory, 'none')
  const notKey = join(directory, 'not-a-key')
  writeFileSync(notKey, 'AGE-SECRET-KEY-1QQQQ')
  const counts = (shares: string, needed: string) => ['--shares', shares, '--needed', needed, '--out-directory', out]
  for (const [args, message] of [
    [[], /--out names the file/],
    [['--shares', '3'], /--shares, --needed and --out-directory together/],
    [counts('3', '1'), /--needed/],
    [counts('3', '4'), /--needed/],
    [counts('1', '1'), /--shares/],
    [counts('17', '2'), /--shares/],
    [counts('2.5', '2'), /--shares/],
    [['--from', notKey, ...counts('3', '2')], /X25519/],
    [['--from', join(directory, 'nowhere'), ...counts('3', '2')], /cannot be read/],
  ] as const) {
    t.match(await custody('recovery-key', ...args), { code: 2, told: message }, args.join(' '))
  }
  t.same(readdirSync(directory).includes('none'), false)
  t.match(await custody('recovery-key', '--from', key, ...counts('3', '2')), { code: 0 })
})
