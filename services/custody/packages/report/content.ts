import type { Timeline } from './timeline.ts'

/** What the report says, apart from how it looks: built once, drawn as HTML and as PDF. Every text has passed `plain`. */
export interface ReportContent {
  readonly title: string
  readonly subtitle: string
  /** Stands at the foot of every page. */
  readonly footer: string
  readonly cover: readonly LabelledText[]
  readonly sections: readonly Section[]
}

export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
}

export type LabelledText = readonly [label: string, text: string]

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly LabelledText[] }
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'timeline'; readonly timeline: Timeline }

export interface Column {
  readonly title: string
  /** Share of the width; those of a table add up to 1. */
  readonly share: number
  /** Digests and ids: in a font of equal widths, broken anywhere. */
  readonly isCode?: boolean
}
