// Lets Node run this package's own TypeScript where it refuses to: below a node_modules folder. Loaded by bin.mjs.
import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

const packageUrl = new URL('..', import.meta.url).href
const dependencies = `${packageUrl}node_modules/`

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith(packageUrl) || url.startsWith(dependencies) || !url.endsWith('.ts')) return nextLoad(url, context)
    return { format: 'module', source: stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8')), shortCircuit: true }
  },
})
