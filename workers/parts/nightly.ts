import { type Field, integer, text } from '../../services/foundation/config.ts'
import { openDatabase } from '../../services/foundation/db/database.ts'
import { closeStores, openStores } from '../../services/foundation/store/open.ts'
import { leasedLoop } from '../leased-loop.ts'
import { runNightly } from '../nightly.ts'
import { part } from '../part.ts'
import { storeKeysShape, withKeys } from '../store-keys.ts'

/** A check of ten million events sorts and groups longer than any service may. */
const checkStatementMsMax = 30 * 60_000

/** With connections of its own: the auditor's keys for the stores, and queries that may take long. */
export const nightlyPart = part({
  name: 'nightly',
  shape: {
    at: timeOfDay('NIGHTLY_AT', { hour: 2, minute: 0 }),
    timeZone: timeZone('NIGHTLY_TIME_ZONE', 'Asia/Shanghai'),
    objectNights: integer('NIGHTLY_OBJECT_NIGHTS', { min: 1, max: 366, fallback: 30 }),
    verifierKey: text('LEDGER_VERIFIER_KEY'),
    vrfPublicKey: text('LEDGER_VRF_PUBLIC_KEY'),
    auditor: storeKeysShape('AUDITOR'),
  },
  start(deps, { at, timeZone, objectNights, verifierKey, vrfPublicKey, auditor }) {
    const { clock, log, config } = deps
    const plan = { ...at, timeZone, parts: objectNights }
    return leasedLoop(deps, 'nightly', async (signal) => {
      const stores = openStores(withKeys(config.stores, auditor), log)
      const db = openDatabase({
        url: config.databaseUrl.reveal(),
        applicationName: 'custody nightly check',
        connectionsMax: 4,
        statementTimeoutMs: checkStatementMsMax,
        onConnectionError: (error) => log.warn({ err: error }, 'a connection to the database broke'),
      })
      try {
        await runNightly({ db, stores, log, clock, plan, verifierKey, vrfPublicKey }, signal)
      } finally {
        await closeStores(stores)
        await db.destroy()
      }
    })
  },
})

function timeOfDay(
  variable: string,
  fallback: { hour: number; minute: number },
): Field<{ hour: number; minute: number }> {
  return parsed<{ hour: number; minute: number }>(
    variable,
    `${fallback.hour}:${String(fallback.minute).padStart(2, '0')}`,
    (raw) => {
      const match = /^(\d{1,2}):(\d{2})$/.exec(raw)
      const [hour, minute] = [Number(match?.[1]), Number(match?.[2])]
      if (hour <= 23 && minute <= 59) return { value: { hour, minute } }
      return { problems: [`${variable}: not a time of day, HH:MM: '${raw}'`] }
    },
  )
}

function timeZone(variable: string, fallback: string): Field<string> {
  return parsed<string>(variable, fallback, (raw) => {
    try {
      new Intl.DateTimeFormat('en-US', { timeZone: raw })
      return { value: raw }
    } catch {
      return { problems: [`${variable}: not a time zone such as Asia/Shanghai: '${raw}'`] }
    }
  })
}

function parsed<T>(
  variable: string,
  fallback: string,
  parse: (raw: string) => { value: T } | { problems: string[] },
): Field<T> {
  return {
    variable,
    read(env) {
      const reading = text(variable, { fallback }).read(env)
      return 'problems' in reading ? reading : parse(reading.value)
    },
  }
}
