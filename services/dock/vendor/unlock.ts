import type { Profile } from '../profiles/profile.ts'
import { CommandFailed, runCommand } from './run-command.ts'

/**
 * Opens a device's storage by its vendor's command; afterwards it shows up as mass storage by itself.
 *
 * @param secrets by name, from the station's own file
 * @throws CommandFailed, also for a secret that the station does not have or a profile that opens nothing; no secret is ever in
 *   its text
 */
export async function unlockDevice(
  { unlock }: Pick<Profile, 'unlock'>,
  device: string,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  if (!unlock) throw new CommandFailed('its profile has no command that opens it')
  const text = secrets.get(unlock.secret)
  if (text === undefined) throw new CommandFailed(`the station has no secret ${unlock.secret}`)
  await runCommand(unlock, { device }, { text, by: unlock.secretBy })
}
