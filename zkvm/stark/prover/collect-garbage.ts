import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

/**
 * Collects what this thread does not use any more. A large array is freed when no thread knows it, and a thread whose own heap stays small hardly
 * ever looks: without this, a proof of several segments took twice the memory.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    // The flag takes effect for contexts that are made after it.
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}
