/** Whoever acts: a person by id with the role he holds now, or a part of the system. */
export interface Actor {
  readonly id: string
  readonly role: string
  /** Of a deputy who acts: the person by whose commission. */
  readonly onBehalfOf?: string
}
