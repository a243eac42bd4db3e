import { openClient } from './client.ts'
import { startScreen } from './start.tsx'

startScreen(openClient())
