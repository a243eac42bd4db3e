import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { runCommand } from '../vendor/run-command.ts'
import type { Mount } from './mount-table.ts'

const Drive = Type.Object({
  DeviceID: Type.String({ pattern: '^[A-Z]:$' }),
  DriveType: Type.Integer(),
  FileSystem: Type.Union([Type.String(), Type.Null()]),
  VolumeSerialNumber: Type.Union([Type.String({ pattern: '^[0-9A-Fa-f]{8}$' }), Type.Null()]),
  VolumeName: Type.Union([Type.String(), Type.Null()]),
})
const Drives = Type.Union([Drive, Type.Array(Drive)])

/** Win32_LogicalDisk.DriveType of cards and sticks. */
const removable = 2

const command = {
  argv: [
    'powershell.exe',
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    '[Console]::OutputEncoding=[Text.Encoding]::UTF8; Get-CimInstance Win32_LogicalDisk | Select-Object DeviceID,DriveType,FileSystem,VolumeSerialNumber,VolumeName | ConvertTo-Json -Compress',
  ],
  timeLimitMs: 20_000,
}

/** The drives of a Windows computer that hold a card or stick, as mounts. @throws CommandFailed */
export async function windowsDrives(): Promise<readonly Mount[]> {
  return parseDrives(await runCommand(command, {}))
}

/**
 * Reads what PowerShell says of the drives: one as an object, several as a list. A reader without a card has no file system,
 * and counts only once it has one.
 *
 * @throws Error for an answer that is none
 */
export function parseDrives(text: string): readonly Mount[] {
  if (text.trim() === '') return []
  const said: unknown = JSON.parse(text)
  if (!Value.Check(Drives, said)) throw new Error('the answer of Win32_LogicalDisk is not as known')
  return (Array.isArray(said) ? said : [said]).flatMap((drive) => {
    const { DeviceID, DriveType, FileSystem, VolumeSerialNumber, VolumeName } = drive
    if (DriveType !== removable || FileSystem === null || VolumeSerialNumber === null) return []
    const serial = VolumeSerialNumber.toUpperCase()
    const identity = { uuid: `${serial.slice(0, 4)}-${serial.slice(4)}`, label: VolumeName === '' ? null : VolumeName }
    return [
      {
        // Another card in the same reader is another mount.
        id: Number.parseInt(serial, 16),
        device: serial,
        mountPoint: `${DeviceID}\\`,
        fileSystem: FileSystem.toLowerCase(),
        source: DeviceID,
        isRemovable: true,
        identity,
      },
    ]
  })
}
