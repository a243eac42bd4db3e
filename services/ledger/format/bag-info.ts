/** The whole text of a package's bag-info.txt, which follows from package.json: DESIGN.md §6. `madeAt` is ISO 8601. */
export function bagInfoText(of: { readonly id: string; readonly caseNumber: string; readonly madeAt: string }): string {
  return [
    `External-Identifier: ${of.id}\n`,
    `External-Description: evidence package of case ${of.caseNumber}\n`,
    `Bagging-Date: ${of.madeAt.slice(0, 10)}\n`,
  ].join('')
}
