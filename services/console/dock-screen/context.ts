import { createContext, useContext } from 'react'
import type { ScreenClient } from './client.ts'
import type { ScreenState } from './types.ts'

/** What every part of the screen may need: who is asked, and what time it is at the station. */
export interface Surroundings {
  readonly client: ScreenClient
  /** The station's own time, milliseconds since 1970. */
  now(): number
  readonly settings: ScreenState['settings']
}

export const SurroundingsContext = createContext<Surroundings | null>(null)

export function useSurroundings(): Surroundings {
  const found = useContext(SurroundingsContext)
  if (!found) throw new Error('the screen has no client')
  return found
}
