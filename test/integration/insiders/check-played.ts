import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { insiders, type Office } from './office.ts'
import type { Played } from './play.ts'

/** An event's time and the clock of this process are of one machine. */
const toleranceMs = 50

/** What is wrong after insiders were played: each act was to be accepted and refused so many times. Empty when nothing is. */
export async function checkPlayed(played: Played, { timesMin }: { timesMin: number }): Promise<string[]> {
  const { office, tallies, logins, wrong } = played
  const rare = Object.entries(tallies)
    .filter(([, { accepted, refused }]) => Math.min(accepted, refused) < timesMin)
    .map(([action, { accepted, refused }]) => `${action} was accepted ${accepted} times and refused ${refused} times`)
  const idle = Object.entries(logins.refused)
    .filter(([, count]) => count === 0)
    .map(([login]) => `the login of ${login} was refused nothing`)
  await office.bureau.world.until(async () => (await unsequenced(office)) === 0)
  const errors = await fsckErrors(office)
  return [...wrong, ...rare, ...idle, ...errors, ...(await custodians(office)), ...(await actorsWhoDidNotAct(office))]
}

async function unsequenced({ bureau }: Office): Promise<number> {
  const { db } = bureau.world
  const { count } = await db
    .selectFrom('event')
    .where('leaf_index', 'is', null)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Errors of the check of everything but the stores, about anything but what the test put there itself. */
async function fsckErrors({ bureau, fixtures }: Office): Promise<string[]> {
  const { world, log } = bureau
  const vrfPublicKey = log.vrfPublicKey.toString('hex')
  const findings = await fsck({ db: world.db, stores: null, verifierKey: log.verifierKeys, vrfPublicKey })
  return findings
    .filter(({ severity, subject }) => severity === 'error' && ![...fixtures].some((id) => subject.includes(id)))
    .map(({ check, subject, problem }) => `fsck: ${check}: ${subject}: ${problem}`)
}

async function custodians({ bureau, id, custodian }: Office): Promise<string[]> {
  const terms = await bureau.world.db.selectFrom('custodian_term').selectAll().orderBy('started_at').execute()
  const open = terms.filter(({ ended_at }) => ended_at === null)
  const gaps = terms.slice(1).filter((term, place) => term.started_at.getTime() !== terms[place]!.ended_at?.getTime())
  const isOne = open.length === 1 && open[0]!.person_id === id(custodian())
  return isOne && gaps.length === 0 ? [] : [`${open.length} custodians in office, ${gaps.length} gaps or overlaps`]
}

/** Events that say a person acted while that person asked for nothing. */
async function actorsWhoDidNotAct({ bureau, calls, id }: Office): Promise<string[]> {
  const people = new Set(insiders.map(id))
  const rows = await bureau.world.db.selectFrom('event').select('body').execute()
  const bodies = rows.map(({ body }) => JSON.parse(body) as { kind: string; at: string; actor: string })
  return bodies
    .filter(({ actor }) => people.has(actor))
    .filter(({ kind, actor, at }) => {
      const atMs = Date.parse(at)
      // A download ends when its connection does, which nobody waits for.
      const lastsMs = kind === 'package.download_ended' ? Infinity : toleranceMs
      const isDuring = (call: (typeof calls)[number]) =>
        call.fromMs - toleranceMs <= atMs && atMs <= call.toMs + lastsMs
      return !calls.some((call) => call.personId === actor && isDuring(call))
    })
    .map(({ kind, at, actor }) => `${kind} of ${at} says that ${actor} acted, who did not`)
}
