// A station's mount program for simulated devices: mount-device.ts DEVICE FOLDER, read-only, as `mount -o ro` does it.

import { readFile } from 'node:fs/promises'
import { type Device, mountDevice } from './mounts.ts'

const [path, folder] = process.argv.slice(2)
await mountDevice(JSON.parse(await readFile(`${path}.device`, 'utf8')) as Device, folder!, true)
