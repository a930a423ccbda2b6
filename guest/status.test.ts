import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { guestStatuses, guestStatusOf } from './status.ts'

const header = readFileSync(join(import.meta.dirname, 'src/base/status.h'), 'utf8')

it('lists the statuses of base/status.h', () => {
  const defined = [...header.matchAll(/^\tSTATUS_(\w+) = (\d+),/gm)].map(([, name, code]) => ({ name, code: Number(code) }))
  expect(defined.length).toBeGreaterThan(20)
  expect(guestStatuses.map(({ name, code }) => ({ name, code }))).toEqual(defined)
})

it('names an exit code', () => {
  expect(guestStatusOf(20)).toMatchObject({ name: 'NODE_MISSING' })
  expect(guestStatusOf(19)).toBeUndefined()
})
