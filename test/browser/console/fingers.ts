import type { Locator, Page } from 'playwright-core'

/** The least that a finger in a hurry hits. */
const touchPixels = 64

export interface Fingers {
  /** Touches what `target` shows, where a finger would. @throws Error when it is too small, or something lies over it */
  touch(target: Locator): Promise<void>
  count(): number
}

/** Runs in the browser: whether a finger at a place hits the element or something in it. */
const hitsItself = new Function(
  'element',
  'at',
  'return element.contains(element.ownerDocument.elementFromPoint(at.x, at.y))',
) as (element: unknown, at: { x: number; y: number }) => boolean

/** Touches a page as a finger does, by places on the glass, and counts. */
export function fingersOn(page: Page): Fingers {
  let touches = 0
  return {
    async touch(target) {
      await target.waitFor()
      const box = (await target.boundingBox())!
      const size = `${Math.round(box.width)} × ${Math.round(box.height)}`
      if (Math.min(box.width, box.height) < touchPixels - 0.5) throw new Error(`${target} is ${size}: too small to hit`)
      const x = box.x + box.width / 2
      const y = box.y + box.height / 2
      for (const [atX, atY] of [
        [x, y],
        [box.x + 8, box.y + 8],
        [box.x + box.width - 8, box.y + box.height - 8],
      ] as const) {
        const isHit = await target.evaluate(hitsItself, { x: atX, y: atY })
        if (!isHit) throw new Error(`${target} is not what a finger hits at ${Math.round(atX)}, ${Math.round(atY)}`)
      }
      await page.touchscreen.tap(x, y)
      touches++
    },
    count: () => touches,
  }
}
