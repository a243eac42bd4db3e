import t from 'tap'
import { generateSignerKey, signatureTypes } from '../../../services/ledger/format/keys.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { requireKeySetFits } from '../../../services/ledger/guard/key-sets.ts'
import { openLedger } from './guarded-ledger.ts'

t.test('a new key set begins right behind what the earlier keys signed, or nothing is signed', async (t) => {
  const { world, log, grow } = await openLedger(t)
  const db = world.dbFor('sequencer')
  const later = [
    generateSignerKey(log.origin).verifierKey,
    generateSignerKey(log.origin, signatureTypes.cosignatureMlDsa44).verifierKey,
  ].join(' ')
  const fits = (keys: string) => requireKeySetFits(db, parseLogKeys(keys))
  await t.resolves(fits(log.verifierKeys))
  await t.resolves(fits(`${later} from 1 ${log.verifierKeys}`), 'before the first checkpoint')
  await t.rejects(fits(`${later} from 2 ${log.verifierKeys}`), { code: 'bad_config', message: /begins at "from 1"/ })
  await grow(3)
  await t.resolves(fits(`${log.verifierKeys} from 4 ${later}`))
  for (const from of [2, 3]) {
    const message = /below a checkpoint that these keys did not sign: .*begins at "from 4"/
    await t.rejects(fits(`${log.verifierKeys} from ${from} ${later}`), { code: 'bad_config', message })
  }
  await t.rejects(fits(`${log.verifierKeys} from 5 ${later}`), { code: 'bad_config', message: /"from 5" is too far/ })
  await t.resolves(fits(`${later} from 3 ${log.verifierKeys}`), 'the new keys have signed since')
})
