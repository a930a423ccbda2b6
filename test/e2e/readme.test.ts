import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { captureDevnet, devnetCaptures, shapeOf, shownIn } from '../testing/readme-capture.ts'

it('the README shows what the program prints today', async () => {
  const readme = shownIn(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8'))
  const today = await captureDevnet()
  for (const name of devnetCaptures) expect(shapeOf(readme[name])).toBe(shapeOf(today[name]))
}, 900_000)
