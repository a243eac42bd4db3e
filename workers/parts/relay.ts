import { openProducer } from '../../services/foundation/queue/producer.ts'
import { leasedLoop } from '../leased-loop.ts'
import { part } from '../part.ts'
import { runRelay } from '../relay.ts'

export const relayPart = part({
  name: 'relay',
  shape: {},
  start(deps) {
    const { config, log } = deps
    const producer = openProducer({ redisUrl: config.redisUrl.reveal(), prefix: config.redisPrefix, log })
    const loop = leasedLoop(deps, 'relay', (signal) => runRelay({ ...deps, producer }, signal))
    return {
      ready: () => ({}),
      close: async () => {
        await loop.close()
        await producer.close()
      },
    }
  },
})
