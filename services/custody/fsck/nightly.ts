import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { newId } from '../../foundation/id.ts'
import { raiseAlarm } from '../events/record.ts'
import type { Finding } from './finding.ts'
import type { FsckDeps } from './fsck.ts'
import { fsckSubject, lastRunOf, type NightlyCounts, type RecordedRun, recordedFsck } from './record.ts'

export interface NightlyPlan {
  /** Local time of the check, and whose. */
  readonly hour: number
  readonly minute: number
  readonly timeZone: string
  /** Every object is read again once in so many nights. */
  readonly parts: number
}

export const nightlyActor = 'nightly'
const dayMs = 24 * 60 * 60_000
/** Each error is an alarm of its own up to this many a night; the rest share one. */
const alarmsMax = 100

/** Whether a night's check is due: none that came to its end was begun since the hour last struck. */
export async function isNightlyDue(db: Db, now: Date, plan: NightlyPlan): Promise<boolean> {
  const due = lastStroke(now, plan)
  const first = await db.selectFrom('event').select('at').orderBy('id').limit(1).executeTakeFirst()
  // A system that is younger than its first night has missed none.
  if (!first || first.at >= due) return false
  const last = await lastRunOf(db, nightlyActor)
  return last === null || last < due
}

/** The last time, not after `now`, at which a clock in that time zone showed the plan's hour. */
export function lastStroke(now: Date, plan: Pick<NightlyPlan, 'hour' | 'minute' | 'timeZone'>): Date {
  const local = now.getTime() + offsetMs(now, plan.timeZone)
  const midnight = Math.floor(local / dayMs) * dayMs
  const strokes = [0, -1, -2].map((days) => {
    const wall = midnight + days * dayMs + (plan.hour * 60 + plan.minute) * 60_000
    // The offset of that hour itself: it may be another one than now's.
    return new Date(wall - offsetMs(new Date(wall - offsetMs(now, plan.timeZone)), plan.timeZone))
  })
  return strokes.find((stroke) => stroke <= now)!
}

/** The check of one night: everything, and the bytes of one part of all objects; new errors become alarms. */
export async function nightlyFsck(
  deps: Omit<FsckDeps, 'objects'> & { clock: Clock; plan: NightlyPlan },
): Promise<RecordedRun> {
  const { clock, plan } = deps
  const night = Math.floor(lastStroke(clock.now(), plan).getTime() / dayMs)
  const objects = { part: night % plan.parts, of: plan.parts }
  return recordedFsck({ ...deps, objects, actor: nightlyActor }, (trx, run) => enterFindings(trx, clock, run))
}

/** Holds what was found against what was known to be wrong before. */
async function enterFindings(trx: Trx, clock: Clock, run: RecordedRun): Promise<NightlyCounts> {
  const now = clock.now()
  const errors = run.findings.filter(({ severity }) => severity === 'error')
  const open = await trx
    .selectFrom('fsck_finding')
    .where('gone_at', 'is', null)
    .select(['id', 'check_code', 'subject'])
    .execute()
  const keyOf = (check: string, subject: string) => `${check}\n${subject}`
  const found = new Map(errors.map((finding) => [keyOf(finding.check, finding.subject), finding]))
  const known = new Set(open.map((row) => keyOf(row.check_code, row.subject)))
  const gone = open.filter((row) => !found.has(keyOf(row.check_code, row.subject))).map(({ id }) => id)
  const fresh = [...found].filter(([key]) => !known.has(key)).map(([, finding]) => finding)
  if (gone.length > 0) await trx.updateTable('fsck_finding').set({ gone_at: now }).where('id', 'in', gone).execute()
  const rest = fresh.length > alarmsMax ? await raiseMany(trx, clock, run, fresh.length - alarmsMax) : null
  for (const [place, { check, subject, problem }] of fresh.entries()) {
    const alarm = place < alarmsMax ? await raise(trx, clock, run, { check, subject, problem }) : rest
    const row = { id: newId(now), check_code: check, subject, problem, alarm_id: alarm, found_at: now, gone_at: null }
    await trx.insertInto('fsck_finding').values(row).execute()
  }
  return { newErrors: fresh.length, stillOpen: found.size - fresh.length, gone: gone.length }
}

async function raise(
  trx: Trx,
  clock: Clock,
  run: RecordedRun,
  finding: Pick<Finding, 'check' | 'subject' | 'problem'>,
): Promise<string> {
  const subjects = [subjectOf(finding.subject)]
  const { id } = await raiseAlarm(trx, 'fsck_error', {
    clock,
    ...nightly,
    subjects,
    details: { runId: run.runId, ...finding },
  })
  return id
}

async function raiseMany(trx: Trx, clock: Clock, run: RecordedRun, more: number): Promise<string> {
  const details = { runId: run.runId, more }
  const { id } = await raiseAlarm(trx, 'fsck_errors_many', { clock, ...nightly, subjects: [fsckSubject], details })
  return id
}

const nightly = { by: { id: nightlyActor, role: 'service' } } as const

/** Findings about a recording and what hangs on it begin with its id, so the alarm shows in its chain. */
function subjectOf(place: string): { type: string; id: string } {
  const recording =
    /^(?:recording|copy|case_recording|quarantine_proposal|rendition|rendition_supply|viewing|viewing_grant) ([0-9a-f-]{36})/
  const id = recording.exec(place)?.[1]
  return id ? { type: 'recording', id } : fsckSubject
}

function offsetMs(at: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const text = shown.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
  const parts = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(text)
  const minutes = parts?.[1] ? Number(parts[2]) * 60 + Number(parts[3]) : 0
  return (parts?.[1] === '-' ? -minutes : minutes) * 60_000
}
