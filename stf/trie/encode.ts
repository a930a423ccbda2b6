import { Chunk } from '../chunk.ts'
import type { Child, TrieNode } from './node.ts'

const headerLength = (length: number): number => {
  if (length < 56) return 1
  let bytes = 1
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes++
  return bytes
}

const stringLength = (bytes: Uint8Array): number =>
  bytes.length === 1 && (bytes[0] ?? 0) < 0x80 ? 1 : headerLength(bytes.length) + bytes.length

// A path of n nibbles takes floor(n / 2) + 1 bytes in hex-prefix encoding; one byte of it is below 0x80 and is its own RLP.
const pathLength = (nibbles: number): number => {
  const length = (nibbles >> 1) + 1
  return length === 1 ? 1 : headerLength(length) + length
}

function childLength(child: Child | undefined): number {
  if (child === undefined) return 1
  if (typeof child === 'string') return 33
  const payload = payloadLength(child)
  return headerLength(payload) + payload
}

function payloadLength(node: TrieNode): number {
  if (node.kind === 'leaf') return pathLength(node.path.length) + stringLength(node.value)
  if (node.kind === 'extension') return pathLength(node.path.length) + childLength(node.child)
  let length = node.value === undefined ? 1 : stringLength(node.value)
  for (const child of node.children) length += childLength(child)
  return length
}

// Nodes and hashes of some six blocks, which live until the tables have their rows.
const nodeChunk = new Chunk(2 ** 16)

let buffer: Uint8Array = new Uint8Array()
let end = 0

function writeHeader(base: number, length: number): void {
  if (length < 56) {
    buffer[end++] = base + length
    return
  }
  const bytes = headerLength(length) - 1
  buffer[end++] = base + 55 + bytes
  for (let i = bytes - 1; i >= 0; i--) buffer[end++] = Math.floor(length / 256 ** i) & 0xff
}

function writeString(bytes: Uint8Array): void {
  const first = bytes[0] ?? 0x80
  if (bytes.length !== 1 || first >= 0x80) writeHeader(0x80, bytes.length)
  buffer.set(bytes, end)
  end += bytes.length
}

function writePath(path: Uint8Array, isLeaf: boolean): void {
  const odd = path.length & 1
  const length = (path.length >> 1) + 1
  if (length > 1) writeHeader(0x80, length)
  const flag = (isLeaf ? 0x20 : 0) + (odd === 1 ? 0x10 + (path[0] ?? 0) : 0)
  buffer[end++] = flag
  for (let i = odd; i < path.length; i += 2) buffer[end++] = ((path[i] ?? 0) << 4) | (path[i + 1] ?? 0)
}

function writeChild(child: Child | undefined): void {
  if (child === undefined) {
    buffer[end++] = 0x80
  } else if (typeof child === 'string') {
    buffer[end++] = 0xa0
    // A call of native code for each of 16 hashes would take three times as long.
    const to = buffer
    const start = end
    for (let i = 0; i < 32; i++) to[start + i] = child.charCodeAt(i)
    end = start + 32
  } else {
    writeNode(child, payloadLength(child))
  }
}

function writeNode(node: TrieNode, payload: number): void {
  writeHeader(0xc0, payload)
  if (node.kind === 'branch') {
    for (const child of node.children) writeChild(child)
    if (node.value === undefined) buffer[end++] = 0x80
    else writeString(node.value)
    return
  }
  writePath(node.path, node.kind === 'leaf')
  if (node.kind === 'leaf') writeString(node.value)
  else writeChild(node.child)
}

/** RLP of a node whose children are hashes or embedded nodes. */
export function encodeNode(node: TrieNode): Uint8Array {
  const payload = payloadLength(node)
  const rlp = nodeChunk.take(headerLength(payload) + payload)
  buffer = rlp
  end = 0
  writeNode(node, payload)
  return rlp
}
