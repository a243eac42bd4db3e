/** Until when footage is to be handed in, by the local rules: 当天, 24 小时, 2 个工作日. */
export const handInDeadlines = ['same_day', '24_hours', '2_working_days'] as const
export type HandInDeadline = (typeof handInDeadlines)[number]
