// Loaded before an agent (`node --import`), in each of its threads: ends the process right after the first transaction of the
// spool that nobody has tried yet, before the agent hears that it was kept; CUT_POWER_PASSED of them are let pass before.
// What it was goes into CUT_POWER_FILE.

import { writeFileSync } from 'node:fs'
import { DatabaseSync, type StatementResultingChanges, StatementSync } from 'node:sqlite'

const { CUT_POWER_TRIED: tried, CUT_POWER_FILE: file, CUT_POWER_PASSED: passed } = process.env

if (tried !== undefined && file !== undefined) {
  const known = new Set(JSON.parse(tried) as string[])
  const { exec } = DatabaseSync.prototype
  const run = StatementSync.prototype.run as (this: StatementSync, ...values: unknown[]) => StatementResultingChanges
  let statements = new Set<string>()
  let left = Number(passed)
  StatementSync.prototype.run = function (this: StatementSync, ...values: unknown[]) {
    statements.add(this.sourceSQL)
    return run.apply(this, values)
  }
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    exec.call(this, sql)
    if (sql === 'begin immediate') statements = new Set()
    if (sql !== 'commit') return
    const what = statements.size === 0 ? 'the tables' : [...statements].sort().join('; ')
    if (known.has(what)) return
    if (left-- > 0) {
      known.add(what)
      return
    }
    writeFileSync(file, what)
    process.kill(process.pid, 'SIGKILL')
  }
}
