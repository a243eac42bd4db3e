import t from 'tap'
import { checkPlayed } from './check-played.ts'
import { playInsiders } from './play.ts'

// INSIDERS_SEED and INSIDERS_STEPS choose others; `npm run proofs -- insiders` plays a thousand.

t.setTimeout(240_000)
const seed = Number(process.env.INSIDERS_SEED ?? 20_261_128)
const steps = Number(process.env.INSIDERS_STEPS ?? 100)

t.test(`${steps} steps of random insiders (INSIDERS_SEED=${seed})`, async (t) => {
  const played = await playInsiders(t, { seed, steps })
  t.same(await checkPlayed(played, { timesMin: 1 }), [])
  for (const [action, { accepted, refused }] of Object.entries(played.tallies)) {
    t.comment(`${action}: accepted ${accepted}, refused ${refused}`)
  }
  t.comment(`logins: ${JSON.stringify(played.logins)}`)
})
