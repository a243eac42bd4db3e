import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { inFull } from '../../support/in-full.ts'
import { footage, hex } from '../../support/ingest.ts'
import { openAgentPlace, runAgent } from './agent-runs.ts'
import { keepSecuring } from './keep-securing.ts'
import { transactionEnds } from './write-ahead-log.ts'

/** What a power cut leaves of the transaction that was written when it came. */
const cuts = ['lost', 'a frame is torn', 'kept'] as const
type Cut = (typeof cuts)[number]

/** Takes the end off the spool's log, as if its last transaction had not, or not wholly, reached the disk. */
function cutLog(spool: string, cut: Cut): void {
  const path = join(spool, 'spool.sqlite-wal')
  const ends = transactionEnds(readFileSync(path))
  const [before, after] = [ends.at(-2) ?? 32, ends.at(-1)!]
  if (cut === 'lost') truncateSync(path, before)
  if (cut === 'a frame is torn') truncateSync(path, before + Math.floor((after - before) * 0.7))
}

t.test(
  'the power goes at every write of the spool: from what reached the disk the next agent ends with every file whole',
  async (t) => {
    const opened = await openAgentPlace(t)
    const { front, folder, device, options, place } = opened
    const { world } = place.archive
    const contents = [footage(300_000, 'one'), footage(120_000, 'two')]
    const securing = keepSecuring(t, opened)
    for (const [at, bytes] of contents.entries()) {
      securing.expect(bytes)
      writeFileSync(join(device, `${at}.MP4`), bytes)
    }
    const written = join(folder, 'written')
    const tried = new Map<string, number>()
    let runs = 0
    /** Runs agents, each cut off at a write that was not tried yet, until one gets to `isReached`. */
    const cutUntil = async (options: Parameters<typeof runAgent>[0], isReached: () => boolean | Promise<boolean>) => {
      for (;;) {
        const cutsEach = inFull ? cuts.length : 1
        const done = [...tried].filter(([, times]) => times >= cutsEach).map(([what]) => what)
        const over = { is: false }
        const until = world.until(async () => over.is || (await isReached()))
        await runAgent(options, {
          flags: ['--import', new URL('./cut-power.ts', import.meta.url).href],
          environment: {
            CUT_POWER_TRIED: JSON.stringify(done),
            CUT_POWER_FILE: written,
            CUT_POWER_PASSED: inFull ? '0' : '1',
          },
          until,
        })
        over.is = true
        await until
        if (!existsSync(written)) return
        const what = readFileSync(written, 'utf8')
        rmSync(written)
        const times = tried.get(what) ?? 0
        cutLog(options.spool, cuts[inFull ? times : (tried.size * 2) % cuts.length]!)
        tried.set(what, times + 1)
        runs += 1
      }
    }

    // First without the bureau's storage: one file goes to the spool.
    front.fail(/^(POST|HEAD|PATCH|PUT) \/uploads/, 503, Number.POSITIVE_INFINITY)
    const copies = () => readdirSync(join(options.spool, 'copies')).filter((name) => name.endsWith('.age'))
    const areKept = () => existsSync(join(options.spool, 'copies')) && copies().length === contents.length
    await cutUntil({ ...options, patienceMs: 300 }, areKept)
    front.heal()
    const outcomes = () => world.db.selectFrom('clearing_file').select(['outcome', 'basis']).execute()
    const isAllTold = async () =>
      readdirSync(device).length === 0 && (await outcomes()).filter(({ outcome }) => outcome === 'cleared').length === 2
    await cutUntil(options, isAllTold)
    await runAgent(options, { until: world.until(isAllTold) })

    t.comment(`${runs} power cuts at ${tried.size} kinds of writes`)
    t.ok(tried.size >= (inFull ? 15 : 6), [...tried.keys()].join('\n'))
    const sealed = await world.db.selectFrom('upload').where('state', '=', 'sealed').select('sha256').execute()
    t.same(sealed.map(({ sha256 }) => sha256!.toString('hex')).sort(), contents.map(hex).sort())
    t.equal((await world.db.selectFrom('hand_in').select('id').execute()).length, 1)
    t.same(new Set((await outcomes()).map(({ basis }) => basis)), new Set(['witnessed']))
    t.same(front.refused(), [], 'the bureau took all that was said, however often')
  },
)
