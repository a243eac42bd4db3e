export function installWithApt(packages: readonly string[]): Promise<string | undefined>
