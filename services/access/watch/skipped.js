// Which spans of a film a viewing could not show.

import { filmText } from './amounts.js'
import { word } from './words.js'

/** Spans this close to each other are told as one. */
const closeMs = 500

export function openSkipped() {
  let spans = []

  return {
    /** @param span { fromMs, toMs } on the film's clock */
    add(span) {
      const isApart = ({ fromMs, toMs }) => toMs < span.fromMs - closeMs || fromMs > span.toMs + closeMs
      const joined = [span, ...spans.filter((one) => !isApart(one))]
      const whole = {
        fromMs: Math.min(...joined.map(({ fromMs }) => fromMs)),
        toMs: Math.max(...joined.map(({ toMs }) => toMs)),
      }
      spans = [...spans.filter(isApart), whole].toSorted((one, other) => one.fromMs - other.fromMs)
    },
    /** A sentence; empty when all could be shown. */
    text() {
      const say = word('skipped')
      const near = (ms) => filmText(Math.round(ms / 1000) * 1000)
      const told = spans.map(({ fromMs, toMs }) =>
        say.span.replace('{from}', near(fromMs)).replace('{to}', near(Math.max(toMs, fromMs + 1000))),
      )
      return told.length === 0 ? '' : say.sentence.replace('{spans}', told.join(say.comma))
    },
  }
}
