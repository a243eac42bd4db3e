export function findGo(env: NodeJS.ProcessEnv): Promise<{ go: string; env: NodeJS.ProcessEnv }>
