export function installLitewitness(): Promise<string>
export function installBagit(): Promise<string>
