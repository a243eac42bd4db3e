// node services/dock/main.ts CONFIG.json

import { fileURLToPath } from 'node:url'
import { systemClock } from '../foundation/clock.ts'
import { isFault } from '../foundation/errors.ts'
import { openLog } from '../foundation/log.ts'
import { onSignals } from '../foundation/shutdown.ts'
import { startStation } from './station/start.ts'

const [path] = process.argv.slice(2)
if (path === undefined) {
  process.stderr.write('name the configuration of the station: node services/dock/main.ts CONFIG.json\n')
  process.exit(2)
}

try {
  const station = await startStation(path, {
    clock: systemClock,
    credentialsDirectory: process.env.CREDENTIALS_DIRECTORY ?? null,
    page: fileURLToPath(new URL('../console/dist/dock', import.meta.url)),
    openLog: (level) => openLog({ service: 'dock', level }),
  })
  onSignals(station.log, [{ name: 'the station', timeoutMs: 20_000, run: () => station.stop() }])
} catch (error) {
  if (!isFault(error)) throw error
  process.stderr.write(`custody-dock: ${error.message}\n`)
  process.exit(2)
}
