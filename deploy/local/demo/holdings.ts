// What is left on the devices after the shift end, looked at by programs that know nothing of the station.

import { Fault } from '../../../services/foundation/errors.ts'
import { type Docked, pathOnCard } from './wall.ts'

/** No footage: it stays where it is. */
const identityFile = 'ZFYINFO.DAT'

/**
 * Compares what each volume holds with what had no right to be cleared, and answers it in lines to print.
 *
 * @throws unproven naming each file that is there and should not be, or should be there and is not
 */
export async function compareHoldings(docked: readonly Docked[]): Promise<string[]> {
  const volumes = docked.flatMap(({ device, volume }) => (volume ? [{ device, volume }] : []))
  if (volumes.length === 0) return ['The store of the older station is as it was: a station clears nothing there.']
  const wrong: string[] = []
  for (const { device, volume } of volumes) {
    const holds = (await volume.holds()).filter((path) => path !== identityFile)
    const stays = device.stays.map(({ file }) => pathOnCard(file).toString('utf8'))
    wrong.push(...holds.filter((path) => !stays.includes(path)).map((path) => `${device.serial} still holds ${path}`))
    wrong.push(...stays.filter((path) => !holds.includes(path)).map((path) => `${device.serial} has lost ${path}`))
  }
  if (wrong.length > 0) throw new Fault('unproven', `the devices do not hold what they should:\n${wrong.join('\n')}`)
  const files = docked.reduce((sum, { device }) => sum + device.files.length, 0)
  const stay = docked.flatMap(({ device }) => device.stays)
  return [
    `${volumes.length} volumes held ${files} files, and hold exactly what had no right to be cleared:`,
    ...stay.map(({ file, why }) => `  ${file.serial}  ${file.rawName.toString('utf8')}: ${why}`),
  ]
}
