import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { basename, join } from 'node:path'
import { createServer } from 'node:tls'
import t, { type Test } from 'tap'
import { footage, hex, type IngestWorld, openIngestWorld } from '../../support/ingest.ts'
import { openProxy } from '../../support/proxy.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'

const hourMs = 3_600_000

async function sealedDigests(world: IngestWorld): Promise<string[]> {
  const rows = await world.db.selectFrom('upload').where('state', '=', 'sealed').select('sha256').execute()
  return rows.map(({ sha256 }) => sha256!.toString('hex')).sort()
}

interface Certificate {
  readonly key: Buffer
  readonly cert: Buffer
}

/** A certificate that signs itself, for an address; what `isOver` has ended yesterday. */
function certificateFor(folder: string, address: string, { isOver } = { isOver: false }): Certificate {
  const [key, cert] = [join(folder, `${address}-${isOver}.key`), join(folder, `${address}-${isOver}.pem`)]
  const openssl = (command: string) => execFileSync('openssl', command.split(' '), { stdio: 'pipe' })
  const newKey = `-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=${basename(cert)}`
  openssl(`req -new ${newKey} -keyout ${key} -out ${cert}.request`)
  writeFileSync(`${cert}.names`, `subjectAltName=IP:${address}\n`)
  const days = isOver ? -1 : 3
  openssl(`x509 -req -in ${cert}.request -signkey ${key} -days ${days} -extfile ${cert}.names -out ${cert}`)
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

/** Takes TLS off what comes in; its certificate can be replaced while it runs. */
async function openTls(t: Test, target: string, certificate: Certificate) {
  const { hostname, port } = new URL(target)
  const server = createServer(certificate, (incoming) => {
    const onward = connect(Number(port), hostname)
    for (const [one, other] of [
      [incoming, onward],
      [onward, incoming],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    replace: (other: Certificate) => server.setSecureContext(other),
  }
}

t.test('a certificate that does not hold is told in words; footage waits here, and goes when it holds', async (t) => {
  const world = await openIngestWorld(t)
  const folder = t.testdir()
  const good = certificateFor(folder, '127.0.0.1')
  const over = certificateFor(folder, '127.0.0.1', { isOver: true })
  const other = certificateFor(folder, '10.9.8.7')
  const caFile = join(folder, 'trusted.pem')
  writeFileSync(caFile, Buffer.concat([good.cert, over.cert, other.cert]))
  const strangers = join(folder, 'strangers.pem')
  writeFileSync(strangers, certificateFor(folder, '10.1.1.1').cert)
  const front = await openFront(t, () => world.origin)
  const tls = await openTls(t, front.origin, good)
  const server = { origin: tls.origin, caFile, patienceMs: 300 }
  const station = await openStation(t, {
    origin: tls.origin,
    token: world.dock.token,
    signingKey: world.dock.key,
    server,
  })
  const state = () => station.agent.model.state()
  await world.until(() => state().server === 'online')
  t.equal(state().certificate, null)

  tls.replace(over)
  await station.restart({ server })
  await world.until(() => state().certificate === 'out_of_date')
  t.equal(state().server, 'offline')
  tls.replace(other)
  await world.until(() => state().certificate === 'other_name')
  const files = [{ name: 'a.MP4', bytes: footage(200_000, 'a') }]
  station.source.plugIn(makeDevice('DSJ0001', files))
  await world.until(() => station.agent.model.slot(1).card.files.read === 1)
  t.equal(readdirSync(join(station.folder, 'copies')).length, 1, 'its bytes lie on the spool')
  await station.restart({ server: { ...server, caFile: strangers } })
  await world.until(() => state().certificate === 'not_trusted')
  t.notOk(
    front.asked.some((what) => what.startsWith('POST')),
    'nothing was said to a server that is not proven',
  )

  tls.replace(good)
  await station.restart({ server })
  await world.until(async () => (await sealedDigests(world)).length === 1)
  t.match(state(), { server: 'online', certificate: null })
  t.same(
    await sealedDigests(world),
    files.map(({ bytes }) => hex(bytes)),
  )
})

t.test('a server that is slow, stalls, and comes back takes each file once', async (t) => {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const proxy = await openProxy(t, front.origin)
  const options = { origin: proxy.origin, token: world.dock.token, signingKey: world.dock.key, patienceMs: 500 }
  const station = await openStation(t, options)
  await world.until(() => station.agent.model.state().server === 'online')
  proxy.slowTo(400_000)
  const files = ['a', 'b'].map((name) => ({ name: `${name}.MP4`, bytes: footage(500_000, name) }))
  station.source.plugIn(makeDevice('DSJ0001', files))
  await world.until(
    () => station.agent.model.slot(1).card.bytes.sent > 0 || readdirSync(join(station.folder, 'copies')).length > 0,
  )
  proxy.stall()
  // Links that are half open end nowhere: a cut is what a person at the switch does.
  proxy.down()
  await world.until(() => station.agent.model.slot(1).card.files.read === 2)
  t.ok(readdirSync(join(station.folder, 'copies')).length >= 1, 'what cannot go now lies on the spool')
  proxy.resume()
  proxy.slowTo(Number.POSITIVE_INFINITY)
  proxy.up()
  await world.until(async () => (await sealedDigests(world)).length === 2)
  t.same(await sealedDigests(world), files.map(({ bytes }) => hex(bytes)).sort())
})

t.test('the station’s clock jumps hours forth and back in the middle: nothing is lost, late or cleared', async (t) => {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  let offsetMs = 0
  const now = () => Date.now() + offsetMs
  const station = await openStation(t, {
    origin: front.origin,
    token: world.dock.token,
    signingKey: world.dock.key,
    now,
  })
  const { model } = station.agent
  await world.until(() => model.state().server === 'online')
  const files = ['a', 'b', 'c', 'd'].map((name) => ({ name: `${name}.MP4`, bytes: footage(300_000, name) }))
  const device = makeDevice('DSJ0001', files)
  const jumps = [-9 * hourMs, 30 * hourMs, -40 * hourMs, 3 * hourMs]
  device.beforePiece = (_, at) => {
    if (at === 131_072) offsetMs += jumps.shift() ?? 0
  }
  station.source.plugIn(device)
  await world.until(async () => (await sealedDigests(world)).length === files.length)
  t.equal(jumps.length, 0)
  t.same(await sealedDigests(world), files.map(({ bytes }) => hex(bytes)).sort())
  t.equal((await world.db.selectFrom('hand_in').select('id').execute()).length, 1)
  await world.until(() => model.state().clock === 'off')
  t.equal(device.files.length, files.length, 'without witnessed receipts nothing is cleared, whatever the clock says')
  t.same(front.saidAt(/clearings/), [])
  t.same(front.refused(), [])
})
