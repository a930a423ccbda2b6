import {
  bytesToHex,
  encodeDepositPayload,
  encodeWithdrawalMessage,
  type InboxItem,
  InboxTree,
  inboxLeaf,
  type L2Message,
  messageLeaf,
  messageProof,
  messagesRoot,
  predeploys,
} from '../../core/index.ts'
import { VectorRandom } from './random.ts'

export function inboxTreeVectors(): object {
  const random = new VectorRandom('zkdevnet inbox tree vectors 1')
  const tree = new InboxTree()
  const states = [{ count: '0', root: tree.root(), frontier: tree.frontier() }]
  const items = Array.from({ length: 20 }, (_, index) => {
    const deposit = { to: random.hex(20), amountGwei: random.uint(8) }
    const item: InboxItem = {
      kind: 0,
      sender: random.hex(20),
      payload: encodeDepositPayload(deposit),
      l1Time: 1_767_225_600n + BigInt(random.below(10_000)),
    }
    const leaf = inboxLeaf(BigInt(index), item)
    tree.append(leaf)
    states.push({ count: String(index + 1), root: tree.root(), frontier: tree.frontier() })
    return {
      index: String(index),
      kind: item.kind,
      sender: item.sender,
      to: deposit.to,
      amountGwei: String(deposit.amountGwei),
      payload: bytesToHex(item.payload),
      l1Time: String(item.l1Time),
      leaf,
    }
  })
  const far = 2n ** 32n - 2n
  const frontier = Array.from({ length: 31 }, () => random.hex(32))
  const almostFull = new InboxTree({ count: far, frontier })
  const leaf = random.hex(32)
  const before = almostFull.root()
  almostFull.append(leaf)
  return {
    format: 'docs/formats.md §3 and §6. states[n] is the tree after the first n items. Integers are decimal.',
    items,
    states,
    lastLeaf: { count: String(far), frontier, root: before, leaf, rootAfter: almostFull.root() },
  }
}

export function messageTreeVectors(): object {
  const random = new VectorRandom('zkdevnet message tree vectors 1')
  const withdrawal = { l1Receiver: random.hex(20), amount: random.uint(32) }
  const sizes = [0, 1, 2, 3, 4, 5, 8, 9, 17]
  return {
    format: 'docs/formats.md §4. proofs[i] proves the message with id i. Integers are decimal.',
    withdrawal: {
      l1Receiver: withdrawal.l1Receiver,
      amount: String(withdrawal.amount),
      message: bytesToHex(encodeWithdrawalMessage(withdrawal)),
    },
    trees: sizes.map((size) => {
      const messages = Array.from({ length: size }, (_, index): L2Message => {
        const isWithdrawal = index % 2 === 0
        return {
          txNumberInBatch: index === 16 ? 65_534 : index * 3,
          sender: isWithdrawal ? predeploys.baseToken : random.hex(20),
          message: isWithdrawal
            ? encodeWithdrawalMessage({ l1Receiver: random.hex(20), amount: random.uint(12) })
            : random.bytes(random.below(100)),
        }
      })
      const leaves = messages.map(messageLeaf)
      return {
        root: messagesRoot(leaves),
        messages: messages.map((message, index) => ({ ...message, message: bytesToHex(message.message), leaf: leaves[index] })),
        proofs: leaves.map((_, index) => messageProof(leaves, index)),
      }
    }),
  }
}
