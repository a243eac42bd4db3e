// Progress lines of the installer: one line when a step begins that may take long, one when it is done, with seconds.

/** A failure the user can act on: printed as it stands, without a stack. */
export class InstallFailure extends Error {}

/** Writes one line to the terminal. */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** Seconds since `startMs` (from Date.now()), one decimal, as text. */
export function secondsSince(startMs) {
  return ((Date.now() - startMs) / 1000).toFixed(1)
}

/** Prints `line(seconds)` every ten seconds until the returned function is called. */
export function everyTenSeconds(line) {
  const startMs = Date.now()
  const timer = setInterval(() => say(`    … ${Math.round((Date.now() - startMs) / 1000)} s: ${line()}`), 10_000)
  return () => clearInterval(timer)
}

/**
 * The last lines of a program's output for an error message. Addresses of download servers are taken out: they say
 * where this machine gets its packages, which is nobody's business in a pasted log.
 */
export function tail(output, lines = 15) {
  return output
    .trim()
    .split('\n')
    .slice(-lines)
    .map((line) =>
      line
        .replace(/(https?:\/\/)[^\s/"'>)]+/g, '$1…')
        .replace(/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET)\s+[^\s,]+/g, '$1 …')
        .replace(/\blookup [^\s:]+( on [^\s]+)?/g, 'lookup …')
        .replace(/(resolve|connect to|Connecting to) '?[^\s']+'?/gi, '$1 …'),
    )
    .map((line) => `    ${line}`)
    .join('\n')
}
