import { registersToProve } from '../format/closure.ts'
import type { LeafData } from '../format/entry.ts'
import { linkTag } from '../format/links.ts'
import { unproven } from '../format/strict.ts'
import { vrfProve } from '../format/vrf.ts'

export interface RebuiltSecret {
  readonly secret: Buffer
  readonly proof: Buffer
}

export interface RebuiltLink {
  readonly subject: string
  readonly n: number
  readonly eventId: string
  readonly leafIndex: number
}

interface Place {
  readonly id: string
  readonly index: number
  readonly data: LeafData
}

/** Numbers the events of each subject in the order of their leaves, and believes a number only when its tag stands there. */
export interface LinkCounter {
  /** The links of an event about these subjects. @throws unproven when a tag is not in the leaf */
  take(leaf: Place, subjects: readonly string[]): RebuiltLink[]
  /** An event whose subjects are not known any more: its numbers are found by their tags when a subject is known otherwise. */
  takeErased(leaf: Place): void
  /** The numbers that erased events carry behind a subject's last known event. */
  rest(): RebuiltLink[]
}

/** @param secrets remembers the secret of each subject, and of each register, some milliseconds of work, for a second run */
export function openLinkCounter(vrfSecretKey: Uint8Array, secrets: Map<string, RebuiltSecret>): LinkCounter {
  const numbers = new Map<string, number>()
  const erased = new Map<string, Place>()
  const tagOf = (subject: string, n: number) => linkTag(secretOf(subject).secret, n).toString('hex')
  const secretOf = (subject: string): RebuiltSecret => {
    const known = secrets.get(subject)
    if (known) return known
    const { output, proof } = vrfProve(vrfSecretKey, Buffer.from(subject, 'utf8'))
    const made = { secret: Buffer.from(output), proof: Buffer.from(proof) }
    secrets.set(subject, made)
    return made
  }
  /** Numbers after `n` that stand in erased leaves. */
  const hidden = (subject: string, n: number): RebuiltLink[] => {
    const links: RebuiltLink[] = []
    if (erased.size === 0) return links
    for (let next = n + 1; ; next++) {
      const place = erased.get(tagOf(subject, next))
      if (!place) return links
      links.push({ subject, n: next, eventId: place.id, leafIndex: place.index })
    }
  }
  return {
    take(leaf, subjects) {
      for (const register of registersToProve(subjects)) secretOf(register)
      return [...new Set(subjects)].flatMap((subject) => {
        const before = hidden(subject, numbers.get(subject) ?? 0)
        const n = (before.at(-1)?.n ?? numbers.get(subject) ?? 0) + 1
        if (!leaf.data.links.includes(tagOf(subject, n))) {
          throw unproven(
            `leaf ${leaf.index} does not carry number ${n} of ${subject}: events are missing, or the VRF key is another`,
          )
        }
        numbers.set(subject, n)
        return [...before, { subject, n, eventId: leaf.id, leafIndex: leaf.index }]
      })
    },
    takeErased(leaf) {
      for (const tag of leaf.data.links) erased.set(tag, leaf)
    },
    rest: () => [...numbers].flatMap(([subject, n]) => hidden(subject, n)),
  }
}
