import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/** One page a build: `dock` is what the docking station's agent serves, `gallery` is for tests only. */
export default defineConfig(({ mode }) => ({
  root,
  base: '/',
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: `dist/${mode}`,
    emptyOutDir: true,
    target: ['chrome109', 'firefox128'],
    // A picture or font within a style sheet would be refused by the policy of the server.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: `${root}${mode}.html` },
    reportCompressedSize: false,
  },
  logLevel: 'warn',
}))
