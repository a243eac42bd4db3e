// A vendor's program that speaks to a simulated recorder: vendor-device.mjs STATE.json. The state is the device: its clock's
// drift, battery, identity, password, and what is wrong with it. It is read for each question and written back when a call
// changes it; with --unlock it takes the password from stdin and opens the storage.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

const path = process.argv[2]
const state = () => JSON.parse(readFileSync(path, 'utf8'))
const change = (members) => {
  // Others read it at the same time: it is whole at every moment.
  writeFileSync(`${path}.new`, JSON.stringify({ ...state(), ...members }))
  renameSync(`${path}.new`, path)
}

const requirePassword = (password) => {
  if (password !== state().password) throw new Error('wrong password')
}

const calls = {
  GetIDCode: () => ({ idCode: state().idCode }),
  Init_Device({ idCode }) {
    if (idCode !== state().idCode) throw new Error('another model')
    return {}
  },
  GetZFYInfo() {
    const { block, offsetMs } = state()
    return { block, deviceTimeMs: offsetMs === null ? null : Date.now() + offsetMs }
  },
  WriteZFYInfo({ block, password }) {
    requirePassword(password)
    change({ block })
    return {}
  },
  SyncDevTime({ timeMs, password }) {
    requirePassword(password)
    change({ offsetMs: timeMs - Date.now() })
    return {}
  },
  SetMSDC({ password }) {
    requirePassword(password)
    change({ isOpen: true })
    return {}
  },
  ReadDeviceResolution: () => ({ width: 1920, height: 1080 }),
  ReadDeviceBatteryDumpEnergy: () => ({ percent: state().batteryPercent }),
}

for await (const line of createInterface({ input: process.stdin })) {
  if (process.argv[3] === '--unlock') {
    try {
      calls.SetMSDC({ password: line })
    } catch (error) {
      console.error(`${error.message}: ${line}`) // as careless as a real one
      process.exit(3)
    }
    break
  }
  const { id, call, ...args } = JSON.parse(line)
  const { fails = {}, silent = [], dies = [], delaysMs = [] } = state()
  if (silent.includes(call)) continue
  if (dies.includes(call)) process.exit(9)
  await pause(delaysMs.length > 0 ? delaysMs[id % delaysMs.length] : 0)
  console.log('SDK v2.1 (c) vendor') // libraries print what they like
  try {
    if (fails[call]) throw new Error(fails[call])
    console.log(JSON.stringify({ id, result: calls[call](args) }))
  } catch (error) {
    console.log(JSON.stringify({ id, error: error.message }))
  }
}
