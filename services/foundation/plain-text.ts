// Variation selectors are left alone behind the kinds of characters that they are made for, where they only choose a shape.
const inPlace = String.raw`(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]|(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`
// U+2800 is a blank without ink; U+FFFC and U+FFFD stand for something that is missing.
const unseen = String.raw`[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufffc\ufffd]`
// A mark at the very beginning would be drawn over whatever the page shows before the text.
const unseenRuns = new RegExp(String.raw`(?!${inPlace})(${unseen}|^\p{M})\1*`, 'gu')

/**
 * Text of any origin as it may stand on a page, a slip or in a report: what is not seen, turns the direction of writing or
 * breaks lines is shown by its code point (`【U+202E】`), a run of the same with its length (`【U+0000×12】`), so that nobody's
 * name can change how the page reads. The result stays as it is when it comes through here again.
 */
export function plain(text: string): string {
  // By a pattern and not toWellFormed(): browsers of the docks' age do not have that.
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd').replaceAll(unseenRuns, shownByCode)
}

/** A run of one character by its code point and, when there is more than one, how many. */
export function shownByCode(run: string): string {
  const count = [...run].length
  return `【U+${codePoint(run)}${count === 1 ? '' : `×${count}`}】`
}

/** The hexadecimal code point of the first character: `202E`. */
function codePoint(text: string): string {
  return text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
}
