import { fileURLToPath } from 'node:url'
import { systemClock } from '../foundation/clock.ts'
import { openLog } from '../foundation/log.ts'
import { onSignals } from '../foundation/shutdown.ts'
import { ownSurroundings } from './doctor/doctor.ts'
import { runStationProgram } from './station/program.ts'
import { startStation } from './station/start.ts'

process.exitCode = await runStationProgram(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  surroundings: ownSurroundings,
  run: async (path) => {
    const station = await startStation(path, {
      clock: systemClock,
      credentialsDirectory: process.env.CREDENTIALS_DIRECTORY ?? null,
      page: fileURLToPath(new URL('../console/dist/dock', import.meta.url)),
      openLog: (level) => openLog({ service: 'dock', level }),
    })
    onSignals(station.log, [{ name: 'the station', timeoutMs: 20_000, run: () => station.stop() }])
  },
})
