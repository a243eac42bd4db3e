/** Text of HTML that may be put into other HTML. */
export interface Html {
  readonly html: string
}

/** HTML from a template: every value is escaped, except Html and lists of it. */
export function html(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const written = values.map((value) => {
    if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
    return 'html' in value ? value.html : value.map((one) => one.html).join('')
  })
  return { html: texts.map((text, at) => text + (written[at] ?? '')).join('') }
}

/** Text that is HTML already, and of nobody's making but ours. */
export function trusted(text: string): Html {
  return { html: text }
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
