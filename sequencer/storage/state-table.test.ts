import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bigintToBytes, bytesToHex, keccak256 } from '../../core/index.ts'
import { openConnection, openDatabase, openMemoryDatabase } from '../../database/index.ts'
import { hashToKey, type StoredNode } from '../../stf/index.ts'
import { MetaTable } from './meta-table.ts'
import { chainMigrations } from './migrations.ts'
import { StateTable } from './state-table.ts'
import { TableWriter } from './table-writer.ts'

const node = (value: number): StoredNode & { hash: Uint8Array } => {
  const rlp = bigintToBytes(BigInt(value), 40)
  const hash = keccak256(rlp)
  return { key: hashToKey(hash), hash, rlp }
}
const nodes = (from: number, count: number): StoredNode[] => Array.from({ length: count }, (_, i) => node(from + i))

function open(database = openMemoryDatabase({ migrations: [chainMigrations] })) {
  const table = new StateTable(database, new MetaTable(database))
  const writer = new TableWriter(database)
  return {
    database,
    table,
    store: (block: bigint, newNodes: StoredNode[]): void => {
      const placed = table.place({ newNodes, newCodes: [] }, block)
      database.transaction(() => writer.insertState(placed.rows))
      table.confirm(placed)
      const index = table.indexDue(placed.end)
      if (index === undefined) return
      database.transaction(() => writer.writeIndex(index))
      table.indexed(index.below)
    },
    rewind: (block: bigint): void => {
      database.transaction(() => table.deleteAbove(block))
      table.reload()
    },
    has: (value: number): boolean => {
      const { hash, rlp } = node(value)
      const found = table.node(hash)
      return found !== undefined && bytesToHex(found) === bytesToHex(rlp)
    },
  }
}

it('finds nodes in memory, in the index, and after a restart', () => {
  const { database, table, store, has } = open()
  store(0n, nodes(0, 10))
  expect([has(3), has(10)]).toEqual([true, false])
  store(1n, nodes(10, 25_000))
  store(2n, nodes(25_010, 5))
  const reopened = new StateTable(database, new MetaTable(database))
  for (const value of [0, 9, 10, 25_009, 25_010, 25_014]) {
    expect(has(value)).toBe(true)
    expect(reopened.node(node(value).hash)).toEqual(table.node(node(value).hash))
  }
  expect(reopened.node(node(25_015).hash)).toBeUndefined()
})

it('forgets with a rewind what came later, and only that', () => {
  const { store, rewind, has } = open()
  store(0n, nodes(0, 3))
  store(1n, [node(1), ...nodes(10, 3)])
  store(2n, nodes(20, 25_000))
  store(3n, [node(20), node(2), ...nodes(25_100, 3)])
  rewind(2n)
  expect([has(1), has(2), has(20), has(25_019), has(25_102)]).toEqual([true, true, true, true, false])
  rewind(1n)
  expect([has(1), has(2), has(12), has(20)]).toEqual([true, true, true, false])
  store(2n, [node(30)])
  expect(has(30)).toBe(true)
})

it('keeps a node that came again before its first row was indexed', () => {
  const { store, rewind, has } = open()
  store(1n, [node(7)])
  store(3n, [node(7)])
  store(4n, nodes(100, 25_000))
  rewind(2n)
  expect(has(7)).toBe(true)
})

it('takes nothing for a node that only shares the beginning of its hash', () => {
  const { database, store, table } = open()
  store(1n, nodes(0, 25_000))
  const { hash } = node(5)
  const other = hash.slice()
  other[31] = (other[31] ?? 0) ^ 1
  expect([table.node(other), table.node(hash) !== undefined]).toEqual([undefined, true])
  expect(database.sqlite.prepare('SELECT count(*) FROM chain_node_index').pluck().get()).toBe(25_000)
})

it('follows another connection: what it appended, indexed, and took back', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-state-table-'))
  const database = openDatabase({ dataDir, migrations: [chainMigrations] })
  const reading = openConnection(database.path)
  try {
    const { store, rewind } = open(database)
    const follower = new StateTable(reading, new MetaTable(reading))
    const has = (value: number): boolean => follower.node(node(value).hash) !== undefined
    store(0n, nodes(0, 3))
    expect(has(2)).toBe(false)
    follower.follow()
    expect([has(2), has(3)]).toEqual([true, false])
    // Indexed before it was ever seen in the tables, with what was seen.
    store(1n, nodes(3, 20_000))
    store(2n, nodes(30_000, 3))
    expect(has(30_002)).toBe(false)
    follower.follow()
    expect([has(2), has(3), has(20_002), has(30_002), has(20_003)]).toEqual([true, true, true, true, false])
    store(3n, [node(2), ...nodes(40_000, 20_000)])
    follower.follow()
    expect([has(2), has(20_002), has(30_002), has(59_999)]).toEqual([true, true, true, true])
    rewind(1n)
    store(2n, nodes(70_000, 3))
    follower.reload()
    expect([has(2), has(20_002), has(30_002), has(59_999), has(70_002)]).toEqual([true, true, false, false, true])
  } finally {
    reading.close()
    database.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
