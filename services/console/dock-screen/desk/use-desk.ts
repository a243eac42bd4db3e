import { useCallback, useEffect, useState } from 'react'
import { Refused } from '../client.ts'
import { useSurroundings } from '../context.ts'
import type { DeskState } from '../types.ts'

/** Cards are put in and taken out without the stream of the wall saying so. */
const everyMs = 2_000

/** What lies at the desk, asked for again and again while it is shown. Null until the agent answered, and without a desk. */
export function useDesk(isShown: boolean, isLinked: boolean): { desk: DeskState | null; reload(): Promise<void> } {
  const { client } = useSurroundings()
  const [desk, setDesk] = useState<DeskState | null>(null)
  const reload = useCallback(async () => {
    try {
      setDesk(await client.desk())
    } catch (error) {
      // The stream says that the agent is away; what was known stays.
      if (!(error instanceof Refused)) throw error
    }
  }, [client])
  useEffect(() => {
    // An agent that was away says so again when it is back.
    if (isLinked) void reload()
    if (!isShown) return
    const timer = setInterval(() => void reload(), everyMs)
    return () => clearInterval(timer)
  }, [reload, isShown, isLinked])
  return { desk, reload }
}
