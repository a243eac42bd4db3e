/** At most `charsMax` units of a text, with no character cut in two: a half would be no Unicode, and no list could be signed. */
export function shortened(text: string, charsMax: number): string {
  const whole = text.toWellFormed()
  if (whole.length <= charsMax) return whole
  const isCutInTwo = /[\ud800-\udbff]/.test(whole[charsMax - 1]!)
  return whole.slice(0, isCutInTwo ? charsMax - 1 : charsMax)
}
