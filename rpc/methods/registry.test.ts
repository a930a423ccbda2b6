import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { absentMethods } from '../absent-methods.ts'
import { createHarness } from '../testing/rpc-harness.ts'
import { methods } from './index.ts'

const root = join(import.meta.dirname, '../..')

describe('the methods', () => {
  it('are listed and documented as their files say', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/gen-rpc-docs.ts', '--check'], { cwd: root, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('have unique names', () => {
    const names = methods.flatMap(({ name, aliases = [] }) => [name, ...aliases])
    expect(new Set(names).size).toBe(names.length)
  })

  it('are not among those that the reference page calls absent', () => {
    const names = new Set(methods.flatMap(({ name, aliases = [] }) => [name, ...aliases]))
    const absent = absentMethods.flatMap(({ entries }) => entries.flatMap((entry) => entry.names))
    expect(new Set(absent).size).toBe(absent.length)
    expect(absent.filter((name) => names.has(name))).toEqual([])
  })

  it('are all that anvil has, but for those that the reference page gives a reason for', () => {
    const { methods: anvilMethods } = JSON.parse(readFileSync(join(root, 'test/vectors/anvil-methods.json'), 'utf8'))
    const known = new Set([
      ...methods.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
      ...absentMethods.flatMap(({ entries }) => entries.flatMap(({ names }) => names)),
    ])
    expect(anvilMethods.length).toBeGreaterThan(170)
    expect(anvilMethods.filter((name: string) => !known.has(name))).toEqual([])
  })

  it('are described by rpc.discover, each with named parameters', async () => {
    const { call } = createHarness()
    const document = Object(await call('rpc.discover'))
    expect(document.info).toMatchObject({ title: 'zkdevnet', version: '0.1.0' })
    const balance = document.methods.find(({ name }: { name: string }) => name === 'eth_getBalance')
    expect(balance).toMatchObject({
      params: [
        { name: 'address', required: true, schema: { type: 'string', title: 'Address' } },
        { name: 'block', required: false },
      ],
      result: { schema: { type: 'string', title: 'Quantity' } },
    })
    const unnamed = document.methods
      .flatMap(({ params }: { params: { name: string }[] }) => params)
      .filter(({ name }: { name: string }) => /^param\d/.test(name))
    expect(unnamed).toEqual([])
    expect(await call('rpc_modules')).toMatchObject({ eth: '1.0', zkdevnet: '1.0', rpc: '1.0' })
  })

  it('stand in files of their own names', async () => {
    const { readdirSync } = await import('node:fs')
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
      (file) => /[/\\]/.test(file) && !file.endsWith('.test.ts'),
    )
    expect(files.map((file) => basename(file, '.ts')).sort()).toEqual(methods.map(({ name }) => name).sort())
  })
})
