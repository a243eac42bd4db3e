import type { FieldCase } from './case.ts'
import { damage } from './damage.ts'
import { formats } from './formats.ts'
import { ordinary } from './ordinary.ts'
import { picturesOfFilms } from './pictures.ts'
import { soundAndPicture } from './sound-and-picture.ts'
import { soundChannels } from './sound-channels.ts'

/** Every input and what is right for it, a family after the other. Names and times are in names-and-times.ts. */
export const fieldCases: readonly FieldCase[] = [
  ...soundAndPicture,
  ...soundChannels,
  ...damage,
  ...picturesOfFilms,
  ...formats,
  ...ordinary,
]
