import { expect, it } from 'vitest'
import { WordPool } from './word-pool.ts'

const size = 2 ** 16

it('gives an array again to whoever asks for as much, or for more than half of it', () => {
  const pool = new WordPool()
  const first = pool.take(size)
  first[0] = 7n
  pool.give(first)
  const again = pool.take(size - 1)
  expect(again.buffer).toBe(first.buffer)
  expect([again.length, again[0]]).toEqual([size - 1, 7n])
  expect(pool.take(size).buffer).not.toBe(first.buffer)
  pool.give(again)
  expect(pool.take(size).buffer).toBe(first.buffer)
})

it('prefers the smallest that is long enough', () => {
  const pool = new WordPool()
  const [small, medium, large] = [size, size + 8, size + 16].map((count) => pool.take(count))
  for (const words of [large, small, medium]) if (words !== undefined) pool.give(words)
  expect(pool.take(size + 4).buffer).toBe(medium?.buffer)
})

it('gives up as much as it has to ask for anew', () => {
  const pool = new WordPool()
  const held = [pool.take(size), pool.take(size)]
  for (const words of held) pool.give(words)
  pool.take(4 * size)
  expect(held.map(({ buffer }) => buffer)).not.toContain(pool.take(size).buffer)
})

it('gives up what a whole proof did not take', () => {
  const pool = new WordPool()
  const unused = pool.take(size)
  pool.give(unused)
  pool.settle()
  pool.settle()
  expect(pool.take(size).buffer).not.toBe(unused.buffer)
})
