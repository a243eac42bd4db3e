/** The setting DOCK_PASS_KEY of services in tests. */
export const testDockPassKey = 'a key of tests for cards and codes at docks'
