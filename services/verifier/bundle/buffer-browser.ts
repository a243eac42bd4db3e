// biome-ignore lint/style/useNodejsImportProtocol: the library of this name, which runs in a browser
export { Buffer } from 'buffer'
