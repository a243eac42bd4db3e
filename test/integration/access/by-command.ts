import { sql } from 'kysely'
import { runProgram } from '../../../services/cli/program.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { testTerminal } from '../../support/terminal.ts'
import { settled } from '../fsck/tampered-world.ts'
import type { Bureau } from './bureau.ts'

/** What a command of somebody who signs in prints. */
export async function run({ base, people }: Bureau, who: keyof Bureau['people'], ...args: string[]) {
  const { account, password } = people[who]
  const terminal = testTerminal({ CUSTODY_ACCESS: base, CUSTODY_ACCOUNT: account, CUSTODY_PASSWORD: password })
  const code = await runProgram(args, terminal)
  return { code, out: terminal.printed.join('\n'), err: terminal.told.join('\n') }
}

/** The codes of what `custody fsck` finds of rows and signatures. */
export async function findingsOf({ world, log }: Bureau): Promise<string[]> {
  await settled(world)
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const found = await fsck({ db: world.db, stores: null, ...keys })
  return found.filter(({ check }) => /^(rows|signatures)/.test(check)).map(({ check }) => check)
}

/** Changes one stored event, as only somebody with the database in his hands can. */
export async function tamper(bureau: Bureau, kind: string, from: string, to: string): Promise<void> {
  await bureau.world.asSuperuser((db) =>
    db.transaction().execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      await sql`update event set body = replace(body, ${from}, ${to}) where kind = ${kind}`.execute(trx)
    }),
  )
}
