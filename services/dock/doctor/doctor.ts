import { execFile } from 'node:child_process'
import type { Finding, Surroundings } from './finding.ts'
import { examineNetwork, type ServerAddress } from './network.ts'
import { examinePrograms } from './programs.ts'
import { examineStation, type StationFiles } from './station.ts'
import { examineUsb } from './usb.ts'
import type { DoctorCode } from './words.ts'

export interface Patient {
  readonly server: ServerAddress
  readonly files: StationFiles
  /** Where devices are mounted now. */
  readonly mountPoints: readonly string[]
}

/** Everything that can keep footage from coming in, the gravest first. It only looks. */
export async function examine(surroundings: Surroundings, patient: Patient): Promise<Finding<DoctorCode>[]> {
  const found: Finding<DoctorCode>[] = [
    ...(await examineNetwork(patient.server)),
    ...(await examineStation(surroundings, patient.files)),
    ...(await examineUsb(surroundings)),
    ...(await examinePrograms(surroundings, patient.mountPoints)),
  ]
  const order = ['fault', 'warning', 'unknown', 'well']
  return found.sort((one, other) => order.indexOf(one.grade) - order.indexOf(other.grade))
}

const commandTimeoutMs = 5000

/** The computer that this runs on. */
export const ownSurroundings: Surroundings = {
  root: '/',
  run: ([program, ...args]) =>
    new Promise((resolve, reject) => {
      execFile(program!, args, { timeout: commandTimeoutMs, encoding: 'utf8' }, (error, out) => {
        if (error === null) return resolve({ status: 0, out })
        if (error.code === 'ENOENT') return resolve(null)
        if (typeof error.code === 'number') return resolve({ status: error.code, out })
        if (error.killed) return resolve({ status: -1, out })
        reject(error)
      })
    }),
}
