import { expect, it } from 'vitest'
import { PromisedWork } from './promised-work.ts'

it('is pending until all of it is done, and then no more', async () => {
  const promised = new PromisedWork()
  expect(promised.pending).toBeUndefined()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  promised.add(first.promise)
  promised.add(second.promise)
  let isDone = false
  const done = promised.pending?.then(() => {
    isDone = true
  })
  second.resolve()
  await second.promise
  expect([isDone, promised.pending !== undefined]).toEqual([false, true])
  first.resolve()
  await done
  expect([isDone, promised.pending]).toEqual([true, undefined])
})
