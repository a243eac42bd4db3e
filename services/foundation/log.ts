import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'

/** The log of a service: JSON, one line an entry. Custody events never go only here. */
export type Logger = PinoLogger

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

const secretFields = ['authorization', 'cookie', 'password', 'token', 'secret', 'secretKey', 'accessKey']

/**
 * Opens the log of one service. Lines are written synchronously: a transport in a worker thread would lose the last ones
 * at a crash, which are the ones that matter. Fields named like a secret are replaced, two levels deep.
 *
 * @param options.destination where lines go; standard output when absent.
 */
export function openLog(options: { service: string; level: LogLevel; destination?: DestinationStream }): Logger {
  const destination = options.destination ?? pino.destination({ dest: 1, sync: true })
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.headers["set-${field}"]`]),
        censor: '[secret]',
      },
    },
    destination,
  )
}
