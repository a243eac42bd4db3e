import { Fault } from '../errors.ts'

// Classes 08 (connection), 53 (insufficient resources) and 57P (operator intervention) of PostgreSQL's error codes,
// appendix A; 25P03 ends a transaction that sat idle.
const sqlStatesOfDowntime = /^(08...|53[1-4]00|57P0[1-5]|25P03)$/
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])
// The driver throws these without a code.
const driverMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** Two transactions that waited for one another, of which PostgreSQL ended this one, and one that could not be made serial. */
const sqlStatesOfConflict = new Set<unknown>(['40P01', '40001'])

/** What the trigger on `event` raises for an event whose time is not that of the database (migrations/0024). */
const sqlStateOfClock = 'CT001'

/**
 * The Fault behind an error of the database's driver when trying again can help: the database is away or by another clock, or
 * another transaction was in the way. Null for any other error.
 */
export function databaseFault(error: unknown): Fault | null {
  if (!(error instanceof Error) || error instanceof Fault) return null
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  if (code === sqlStateOfClock) {
    const message =
      'the clocks of this service and of the database differ by more than 5 s: nothing was changed, tell whoever runs the system'
    return new Fault('not_ready', message, { cause: error })
  }
  if (sqlStatesOfConflict.has(code)) {
    const message = 'somebody else changed the same at the same time: nothing was changed, try again in a moment'
    return new Fault('not_ready', message, { cause: error })
  }
  const isAway =
    driverMessages.test(error.message) ||
    (typeof code === 'string' && (sqlStatesOfDowntime.test(code) || (socketCodes.has(code) && syscall !== undefined)))
  if (!isAway) return null
  return new Fault('database_down', 'the database cannot be reached: nothing was changed, try again in a moment', {
    cause: error,
  })
}

/** True when a unique index refused a row: somebody else was first. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
