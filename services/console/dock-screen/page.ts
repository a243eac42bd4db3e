/** What stands where the wall is: the wall, or one of the pages beside it. */
export type Page = 'wall' | 'today' | 'help' | 'desk'
