import type { AddressInfo } from 'node:net'
import type { Locator } from 'playwright-core'
import type { Test } from 'tap'
import { registerDevice } from '../../../services/custody/devices/device.ts'
import { dockSettings } from '../../../services/custody/settings/docks.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { buildScreen } from '../../../services/dock/screen/app.ts'
import { readBuiltPage } from '../../../services/dock/screen/built-page.ts'
import { cardDesk } from '../../../services/dock/sources/card-desk.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { openFront } from '../../integration/dock/front.ts'
import { openStation } from '../../integration/dock/station.ts'
import { makeSource } from '../../integration/dock/test-volume.ts'
import { decideSetting, giveToKeeper } from '../../integration/dock/told.ts'
import { openIngestWorld } from '../../support/ingest.ts'
import { builtPage, openBrowser, openPage, viewports } from './browser.ts'
import { fingersOn } from './fingers.ts'

const devices = [
  ...(['HP00001', 'HP00002', 'HP00003', 'HP00004'] as const).map((serial) => ({ serial, kind: 'drone' as const })),
  ...(['LX00001', 'LX00002', 'LX00003', 'LX00004'] as const).map((serial) => ({ serial, kind: 'camera' as const })),
  { serial: 'LY00001', kind: 'audio_pen' as const },
  { serial: 'DSJ0002', kind: 'recorder' as const },
]

/**
 * A bureau, the agent of a station with a wall and a desk, and its screen in a browser of the smallest size. Cards of drones
 * are kept under seal, and what is on recorders stays there; 张伟 keeps DSJ0001.
 */
export async function openStationPlace(t: Test) {
  const world = await openIngestWorld(t)
  await giveToKeeper(world, 'DSJ0001')
  const setup = { id: 'setup', role: 'service' } as const
  for (const device of devices) {
    await world.db.transaction().execute((trx) => registerDevice(trx, world.clock, setup, device))
  }
  const { standard } = dockSettings['dock.clearing']
  await decideSetting(world, 'dock.clearing', { ...standard, recorder: 'keep', drone: 'seal_card' })
  const log = openLog({ service: 'dock', level: 'silent' })
  const [wall, reader] = [makeSource(), makeSource()]
  const desk = cardDesk({
    settings: { cards: null, cables: null, folders: [], pollMs: 20, listTimeMs: 20_000 },
    profiles: await readProfiles([ownProfiles]),
    log,
    sources: [{ kind: 'card', source: reader }],
  })
  const front = await openFront(t, () => world.origin)
  const printed: string[] = []
  const slips = { bureau: '综合执法局', form: 'roll' as const, checkAddress: 'https://custody.example' }
  const quiet = { sounds: false, quietFrom: null, quietTo: null }
  const { agent } = await openStation(t, {
    ...{ origin: front.origin, token: world.dock.token, signingKey: world.dock.key, sources: [wall, desk], desk },
    // A busy machine is no server that is away.
    patienceMs: 60_000,
    station: { name: '采集站一', slots: 12, version: '0', ...quiet, hasPrinter: true },
    slips: { ...slips, print: async (page) => void printed.push(page) },
  })
  const { model } = agent
  const server = await buildScreen({ model, log, page: readBuiltPage(await builtPage('dock')) })
  t.teardown(() => server.close())
  await server.listen({ host: '127.0.0.1', port: 0 })
  await world.until(() => model.desk!.state().devices.length > devices.length)
  const address = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  const viewport = viewports.small
  const { page } = await openPage(await openBrowser(t), address, { hasTouch: true, viewport })
  const { touch } = fingersOn(page)
  const says = (words: string | RegExp) => page.getByText(words).first().waitFor()
  return {
    ...{ world, front, model, wall, reader, printed, page, touch, says },
    button: (name: string | RegExp): Locator =>
      page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }),
    card: (slot: number) => page.locator(`.card[data-slot="${slot}"]`),
    /** What a card reader or a scanner types. */
    read: (text: string) =>
      page.evaluate(
        `for (const key of [...${JSON.stringify(text)}, 'Enter']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))`,
      ),
  }
}
