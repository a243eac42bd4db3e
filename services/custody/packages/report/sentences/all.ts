import { changes } from './changes.ts'
import { environment } from './environment.ts'
import { extraction } from './extraction.ts'
import { gaps } from './gaps.ts'
import { keeping } from './keeping.ts'
import { lawfulness } from './lawfulness.ts'
import { origin } from './origin.ts'
import { notProven, proven } from './proven.ts'
import { relevance } from './relevance.ts'
import type { Sentence } from './sentence.ts'
import { verification } from './verification.ts'

/** Every statement that the report makes of its own, in the order in which they stand. */
export const sentences: readonly Sentence[] = [
  ...environment,
  ...origin,
  ...keeping,
  ...extraction,
  ...changes,
  ...verification,
  ...lawfulness,
  ...relevance,
  ...gaps,
  ...proven,
  ...notProven,
]
