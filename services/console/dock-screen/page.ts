/** What stands where the wall is: the wall, or one of the two pages beside it. */
export type Page = 'wall' | 'today' | 'help'
