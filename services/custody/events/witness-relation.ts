import { type Static, Type } from 'typebox'
import { closed } from './shapes.ts'

/** How a witness stands to the bureau (利害关系). One of the same town government is not independent. */
export const witnessRelations = {
  same_town: { zh: '同一镇政府', en: 'the same town government' },
  superior: { zh: '上级机关', en: 'a superior authority' },
  unrelated: { zh: '无隶属关系', en: 'not subordinate' },
  unstated: { zh: '未说明', en: 'not stated' },
} as const
export type WitnessRelation = keyof typeof witnessRelations

const Stated = closed({
  /** The witness, by its name in the ledger's policy. */
  witness: Type.String({ minLength: 1, maxLength: 200 }),
  relation: Type.Enum(Object.keys(witnessRelations) as WitnessRelation[]),
})

/** What the setting `witness.relation` holds. */
export const WitnessRelations = Type.Array(Stated, { maxItems: 50 })
export type StatedRelations = readonly Static<typeof Stated>[]

/** Why these are no statements of relations: a witness that is named twice. Null when nothing is wrong. */
export function relationsProblem(stated: StatedRelations): string | null {
  const twice = stated.find(({ witness }, at) => stated.findIndex((one) => one.witness === witness) !== at)
  return twice ? `the witness ${twice.witness} is named twice` : null
}

export function relationOf(stated: StatedRelations, witness: string): WitnessRelation {
  return stated.find((one) => one.witness === witness)?.relation ?? 'unstated'
}
