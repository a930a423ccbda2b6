import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { predeploys } from '../chain/predeploys.ts'
import { bytesToHex, concatBytes, type Hex, hexToBytes } from '../hex.ts'
import { bigintToBytes } from '../integer.ts'
import { keccak256Hex } from '../keccak.ts'
import {
  decodeWithdrawalMessage,
  emptyMessagesRoot,
  encodeWithdrawalMessage,
  type MessageLog,
  messageLeaf,
  messageOfLog,
  messageProof,
  messageSentTopic,
  messagesOfReceipts,
  messagesRoot,
  verifyMessageProof,
} from './message-tree.ts'
import { hashes } from './testing/arbitraries.ts'

interface Vectors {
  withdrawal: { l1Receiver: Hex; amount: string; message: Hex }
  trees: { root: Hex; messages: { txNumberInBatch: number; sender: Hex; message: Hex; leaf: Hex }[]; proofs: Hex[][] }[]
}

const vectors = JSON.parse(readFileSync(new URL('../../test/vectors/message-tree.json', import.meta.url), 'utf8')) as Vectors
const sender: Hex = `0x${'5e'.repeat(20)}`

function logOf(message: Uint8Array, from: Hex = sender): MessageLog {
  const padding = new Uint8Array((32 - (message.length % 32)) % 32)
  return {
    address: predeploys.messenger,
    topics: [messageSentTopic, `0x${'00'.repeat(12)}${from.slice(2)}`, keccak256Hex(message)],
    data: bytesToHex(concatBytes(bigintToBytes(32n, 32), bigintToBytes(BigInt(message.length), 32), message, padding)),
  }
}

describe('message tree', () => {
  it.each(vectors.trees)('follows the vectors: root $root', ({ root, messages, proofs }) => {
    const leaves = messages.map((message) => messageLeaf({ ...message, message: hexToBytes(message.message) }))
    expect(leaves).toEqual(messages.map(({ leaf }) => leaf))
    expect(messagesRoot(leaves)).toBe(root)
    expect(leaves.map((_, index) => messageProof(leaves, index))).toEqual(proofs)
  })

  it('has the zero root without messages and the leaf as root of one', () => {
    expect(messagesRoot([])).toBe(emptyMessagesRoot)
    const leaf = messageLeaf({ txNumberInBatch: 0, sender, message: new Uint8Array() })
    expect(messagesRoot([leaf])).toBe(leaf)
  })

  it('proves each leaf at its index and nowhere else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hashes, { minLength: 1, maxLength: 20 }), fc.nat(), fc.nat({ max: 70 }), (leaves, pick, other) => {
        const index = pick % leaves.length
        const leaf = leaves[index] ?? emptyMessagesRoot
        const proof = messageProof(leaves, index)
        const root = messagesRoot(leaves)
        expect(verifyMessageProof({ leaf, index, proof, root })).toBe(true)
        if (other !== index) expect(verifyMessageProof({ leaf, index: other, proof, root })).toBe(false)
        expect(verifyMessageProof({ leaf: emptyMessagesRoot, index, proof, root })).toBe(false)
        if (proof.length > 0) expect(verifyMessageProof({ leaf, index: index >> 1, proof: proof.slice(1), root })).toBe(false)
      }),
    )
  })

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the index %s', (index) => {
    const proof = Array.from({ length: 32 }, () => emptyMessagesRoot)
    expect(verifyMessageProof({ leaf: emptyMessagesRoot, index, proof, root: emptyMessagesRoot })).toBe(false)
  })

  it('has no proof for a message that is not there', () => {
    expect(() => messageProof([emptyMessagesRoot], 1)).toThrow(RangeError)
    expect(() => messageProof([], 0)).toThrow(RangeError)
  })
})

describe('messages in logs', () => {
  it('reads what the messenger emits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        expect(messageOfLog(logOf(message), 3)).toEqual({ txNumberInBatch: 3, sender, message })
      }),
    )
  })

  it('counts all transactions of the batch and keeps the order of logs', () => {
    const [a, b, c] = [1, 2, 3].map((byte) => Uint8Array.of(byte)) as [Uint8Array, Uint8Array, Uint8Array]
    const noise: MessageLog = { address: sender, topics: [messageSentTopic], data: '0x' }
    expect(messagesOfReceipts([{ logs: [] }, { logs: [logOf(a), noise, logOf(b)] }, { logs: [] }, { logs: [logOf(c)] }])).toEqual([
      { txNumberInBatch: 1, sender, message: a },
      { txNumberInBatch: 1, sender, message: b },
      { txNumberInBatch: 3, sender, message: c },
    ])
  })

  const good = logOf(Uint8Array.of(1, 2, 3))
  const [topic0, topic1, topic2] = good.topics as [Hex, Hex, Hex]
  const data = hexToBytes(good.data)
  const strange: [string, MessageLog][] = [
    ['from another address', { ...good, address: sender }],
    ['with another topic', { ...good, topics: [topic2, topic1, topic2] }],
    ['with two topics', { ...good, topics: [topic0, topic1] }],
    ['with four topics', { ...good, topics: [topic0, topic1, topic2, topic2] }],
    ['with a dirty sender', { ...good, topics: [topic0, topic2, topic2] }],
    ['with the hash of something else', { ...good, topics: [topic0, topic1, topic1] }],
    ['without data', { ...good, data: '0x' }],
    ['with another offset', { ...good, data: bytesToHex(data.with(31, 64)) }],
    ['with a length beyond the data', { ...good, data: bytesToHex(data.with(63, 33)) }],
    ['with a huge length', { ...good, data: bytesToHex(data.with(32, 255)) }],
    ['with dirty padding', { ...good, data: bytesToHex(data.with(95, 1)) }],
    ['with a word too many', { ...good, data: bytesToHex(concatBytes(data, new Uint8Array(32))) }],
    ['with cut padding', { ...good, data: bytesToHex(data.slice(0, 90)) }],
  ]
  it.each(strange)('takes no log %s for a message', (_, log) => {
    expect(messageOfLog(log, 0)).toBeUndefined()
  })
})

describe('withdrawal message', () => {
  it('follows the vector', () => {
    const { l1Receiver, amount, message } = vectors.withdrawal
    expect(bytesToHex(encodeWithdrawalMessage({ l1Receiver, amount: BigInt(amount) }))).toBe(message)
    expect(decodeWithdrawalMessage(hexToBytes(message))).toEqual({ l1Receiver, amount: BigInt(amount) })
  })

  const good = encodeWithdrawalMessage({ l1Receiver: sender, amount: 1n })
  it.each([
    ['nothing', new Uint8Array()],
    ['55 bytes', good.slice(0, -1)],
    ['57 bytes', concatBytes(good, Uint8Array.of(0))],
    ['another selector', good.with(3, 0)],
  ])('is not %s', (_, message) => {
    expect(decodeWithdrawalMessage(message)).toBeUndefined()
  })
})
