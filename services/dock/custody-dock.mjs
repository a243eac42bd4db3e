#!/usr/bin/env node
// It works from any folder, for it knows its own place.

import { launch } from '../foundation/launch.mjs'

await launch(new URL('./main.ts', import.meta.url), 'custody-dock')
