import { type Static, type TSchema, Type } from 'typebox'
import { type IdentityBlock, identityBlockBytes, readIdentityBlock } from '../profiles/identity-block.ts'
import { HelperFailed, type HelperProgram } from './helper-program.ts'

/**
 * The eight calls that the vendors' libraries share. The libraries are the vendors' own (most for Windows only), so a program
 * of the station speaks to them, and this process speaks to the program: one line of JSON a question, one an answer.
 *
 *     → {"id":1,"call":"GetZFYInfo"}
 *     ← {"id":1,"result":{"block":"WkowMDAwMVAwMDIzMQ…","deviceTimeMs":1795672805000}}
 *     ← {"id":1,"error":"wrong password"}
 *
 * | call | arguments | result |
 * |---|---|---|
 * | `GetIDCode` | – | `{idCode}`: the vendor's code of the model |
 * | `Init_Device` | `{idCode}` | `{}` |
 * | `GetZFYInfo` | – | `{block, deviceTimeMs}`: the 89 bytes in base64, and the device's clock where the model tells it, else null |
 * | `WriteZFYInfo` | `{block, password}` | `{}` |
 * | `SyncDevTime` | `{timeMs, password}` | `{}` |
 * | `SetMSDC` | `{password}` | `{}`: the device becomes mass storage |
 * | `ReadDeviceResolution` | – | `{width, height}` |
 * | `ReadDeviceBatteryDumpEnergy` | – | `{percent}` |
 */
const results = {
  GetIDCode: Type.Object({ idCode: Type.String({ maxLength: 64 }) }),
  Init_Device: Type.Object({}),
  GetZFYInfo: Type.Object({
    block: Type.String({ maxLength: 4 * identityBlockBytes }),
    deviceTimeMs: Type.Union([Type.Integer(), Type.Null()]),
  }),
  WriteZFYInfo: Type.Object({}),
  SyncDevTime: Type.Object({}),
  SetMSDC: Type.Object({}),
  ReadDeviceResolution: Type.Object({
    width: Type.Integer({ minimum: 1, maximum: 65_535 }),
    height: Type.Integer({ minimum: 1, maximum: 65_535 }),
  }),
  ReadDeviceBatteryDumpEnergy: Type.Object({ percent: Type.Integer({ minimum: 0, maximum: 100 }) }),
} satisfies Record<string, TSchema>

export interface DeviceInfo {
  readonly identity: IdentityBlock | null
  readonly deviceTimeMs: number | null
}

/** A device as its vendor's library knows it. Every call @throws HelperFailed. */
export interface VendorDevice {
  getIdCode(): Promise<string>
  initDevice(idCode: string): Promise<void>
  getInfo(): Promise<DeviceInfo>
  writeInfo(block: Buffer, password: string): Promise<void>
  syncTime(timeMs: number, password: string): Promise<void>
  setMassStorage(password: string): Promise<void>
  readResolution(): Promise<Static<(typeof results)['ReadDeviceResolution']>>
  readBatteryPercent(): Promise<number>
}

/** The calls over a helper program. */
export function vendorDevice(program: HelperProgram): VendorDevice {
  const call = <Name extends keyof typeof results>(name: Name, args: Record<string, unknown> = {}) =>
    program.ask<(typeof results)[Name]>(name, args, results[name])
  return {
    getIdCode: async () => (await call('GetIDCode')).idCode,
    initDevice: async (idCode) => {
      await call('Init_Device', { idCode })
    },
    getInfo: async () => {
      const { block, deviceTimeMs } = await call('GetZFYInfo')
      return { identity: readIdentityBlock(Buffer.from(block, 'base64')), deviceTimeMs }
    },
    writeInfo: async (block, password) => {
      if (block.length !== identityBlockBytes)
        throw new HelperFailed(`an identity block has ${identityBlockBytes} bytes`)
      await call('WriteZFYInfo', { block: block.toString('base64'), password })
    },
    syncTime: async (timeMs, password) => {
      await call('SyncDevTime', { timeMs, password })
    },
    setMassStorage: async (password) => {
      await call('SetMSDC', { password })
    },
    readResolution: () => call('ReadDeviceResolution'),
    readBatteryPercent: async () => (await call('ReadDeviceBatteryDumpEnergy')).percent,
  }
}
