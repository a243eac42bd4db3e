// The bureau of the demo, running: private servers, every process of the product, people who have signed in, a station.

import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startStack } from '../stack.ts'
import { type System, startSystem } from '../system.ts'
import type { ApiSession } from './api.ts'
import { accountsCsv, allAccounts, allDevices, demoAccounts, devicesCsv, rosterCsv } from './bureau.ts'
import { keepProcesses } from './kept.ts'
import { step } from './progress.ts'
import { type EnrolledStation, enrolStation } from './station.ts'
import { signEverybodyIn } from './story.ts'

export interface DemoBureau {
  readonly system: System
  readonly station: EnrolledStation
  /** Of the one account with this role that the demo uses. */
  person(role: string): { readonly session: ApiSession; readonly password: string }
  /** Of an account that has signed in. */
  passwordOf(account: string): string
}

/**
 * Starts it in `directory`. What must be taken down again is put before `takeDown`, also when a later step fails.
 *
 * @param keep the processes outlive this one
 */
export async function setUpBureau(
  directory: string,
  keep: boolean,
  takeDown: (() => Promise<void>)[],
): Promise<DemoBureau> {
  const stack = await step('PostgreSQL, Redis and three MinIO stores', 1, () =>
    startStack({ directory: join(directory, 'stack'), detached: keep }),
  )
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  const setup = {
    accountsFile: file('accounts.csv', accountsCsv(allAccounts)),
    devicesFile: file('devices.csv', devicesCsv(allDevices)),
    passwordsFile: join(directory, 'first-passwords.json'),
  }
  const system = await step('every process of the product, a witness and a time-stamp authority', 1, () =>
    startSystem({ stack, directory: join(directory, 'system'), detached: keep, setup }),
  )
  if (keep) keepProcesses(directory, system)
  else takeDown.unshift(() => system.stop())
  const people = await step('seven people sign in and change their first password', demoAccounts.length, () =>
    signEverybodyIn(system.access, firstPasswords(setup.passwordsFile), () => randomBytes(12).toString('base64url')),
  )
  const person = (role: string) => people.get(demoAccounts.find((one) => one.role === role)!.account)!
  const offices = { administrator: person('administrator').session, supervisor: person('supervisor').session }
  const station = await step('a docking station enrols itself, and a second person releases it', 1, async () => {
    await offices.supervisor.request('POST', '/rosters', { csv: rosterCsv(allDevices, new Date()) })
    return enrolStation(system, offices, join(directory, 'station'))
  })
  return { system, station, person, passwordOf: (account) => people.get(account)!.password }
}

/** Of those who sign in; the other officers of the shift only have their names on the wall. */
function firstPasswords(path: string): { account: string; password: string }[] {
  const all = JSON.parse(readFileSync(path, 'utf8')) as { account: string; password: string }[]
  return all.filter((one) => demoAccounts.some(({ account }) => account === one.account))
}
