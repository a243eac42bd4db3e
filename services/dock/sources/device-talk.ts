/** A device has one talk at a time: others wait for their turn. */
export interface DeviceTalk {
  talk<T>(act: () => Promise<T>): Promise<T>
  /** A talk goes on, or waits. */
  isBusy(): boolean
}

export function deviceTalk(): DeviceTalk {
  let last: Promise<unknown> = Promise.resolve()
  let count = 0
  return {
    talk(act) {
      count++
      const next = last.then(act).finally(() => {
        count--
      })
      last = next.catch(() => undefined)
      return next
    },
    isBusy: () => count > 0,
  }
}
