import type { Timeline } from './timeline.ts'

/** What the report says, apart from how it looks: built once, drawn as HTML and as PDF. Every text has passed `plain`. */
export interface ReportContent {
  readonly title: string
  readonly subtitle: string
  /** Stands at the foot of every page. */
  readonly footer: string
  /** 《视听资料证据说明》: before everything else, each on a page of its own. */
  readonly sheets: readonly Sheet[]
  /** 《证据清单》, the first of the sections: it is also given apart. */
  readonly evidenceList: Section
  readonly sections: readonly Section[]
}

export interface Sheet {
  readonly title: string
  readonly caption: string
  readonly rows: readonly LabelledText[]
  /** What is to be signed or stamped, a box each. */
  readonly signatures: readonly string[]
  /** One line at its foot. */
  readonly note: string
}

export interface Section {
  readonly title: string
  /** Begins a page of its own. */
  readonly startsPage?: boolean
  readonly blocks: readonly Block[]
}

/** A label and its text, or several lines of it. */
export type LabelledText = readonly [label: string, text: string | readonly string[]]

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

/** The lines of a labelled text. */
export function linesOf(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? [text] : text
}

/** A line that ends with a digest: it is drawn in a font of equal widths. */
export function isDigestLine(line: string): boolean {
  return /(^| )[0-9a-f]{64}$/.test(line)
}
