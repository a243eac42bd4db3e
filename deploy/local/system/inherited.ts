const names = ['PATH', 'HOME', 'NODE_COMPILE_CACHE']

/** What a process of this product gets of the environment of whoever starts it. Everything else it is given by name. */
export function inherited(): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}
