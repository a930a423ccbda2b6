import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { captureOutput, shownIn } from '../testing/readme-capture.ts'

/** Numbers and hashes differ from run to run, and with them the columns' widths. */
function shape(text: string): string {
  return text
    .replaceAll(/0x[0-9a-fA-F]{40,}/g, '0x…')
    .replaceAll(/\d+([.–]\d+)*/g, '#')
    .replaceAll(/ {2,}/g, '  ')
}

it('the README shows what the program prints today', async () => {
  const readme = shownIn(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8'))
  const today = await captureOutput()
  for (const name of ['banner', 'erc20', 'status'] as const) expect(shape(readme[name])).toBe(shape(today[name]))
})
