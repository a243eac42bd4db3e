/** Fewest characters that say why a filing names fewer than two officers. */
export const fewerOfficersReasonMin = 4

/** What is shown wherever a case or a filing names fewer than two officers (行政处罚法 第四十二条). */
export function fewerOfficersNotice(reason: string): { readonly zh: string; readonly en: string } {
  return {
    zh: `▲ 现场执法人员不足两名（${reason}）`,
    en: `▲ Fewer than two officers on the scene (${reason})`,
  }
}
