import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { type ExitCode, exitCodes } from './exit.ts'
import { writeSecret } from './ledger-keys.ts'
import type { Terminal } from './terminal.ts'

/**
 * Makes an age identity (c2sp.org/age, X25519) in a new file of mode 0600 and prints its recipient, the value of
 * ARCHIVE_RECOVERY_RECIPIENT. The identity is carried into safes and then leaves this machine.
 */
export async function recoveryKeyCommand(terminal: Terminal, options: { out: string }): Promise<ExitCode> {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  await writeSecret(options.out, `# public key: ${recipient}\n${identity}`)
  terminal.out(recipient)
  terminal.err(`The secret half is in ${options.out}: put it into two safes and off this machine.`)
  terminal.err('The line above is the setting ARCHIVE_RECOVERY_RECIPIENT.')
  return exitCodes.fine
}
