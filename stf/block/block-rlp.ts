import { RLP } from '@ethereumjs/rlp'
import { type BlockHeader, bytesToBigint, bytesToHex, type Withdrawal } from '../../core/index.ts'
import { EncodedItem, encodeRlp, type RlpItem } from '../rlp.ts'
import { BlockFormatError } from './errors.ts'
import { encodeHeader, headerFromItems } from './header.ts'

/** A block as its RLP tells it: transactions are EIP-2718 bytes. */
interface BlockBody {
  readonly transactions: readonly Uint8Array[]
  readonly withdrawals: readonly Withdrawal[]
}

export interface DecodedBlock extends BlockBody {
  readonly header: BlockHeader
}

type Items = Uint8Array | Items[]

const withdrawalItems = ({ index, validatorIndex, address, amountGwei }: Withdrawal): RlpItem[] => [
  index,
  validatorIndex,
  address,
  amountGwei,
]

/** RLP of a withdrawal, as the withdrawals trie holds it (EIP-4895). */
export function encodeWithdrawal(withdrawal: Withdrawal): Uint8Array {
  return encodeRlp(withdrawalItems(withdrawal))
}

// A legacy transaction is a list in the block, a typed one a string.
const isLegacy = (transaction: Uint8Array): boolean => (transaction[0] ?? 0) >= 0xc0

export function encodeBlock({ header, transactions, withdrawals }: DecodedBlock): Uint8Array {
  return encodeRlp([
    new EncodedItem(encodeHeader(header)),
    transactions.map((raw) => (isLegacy(raw) ? new EncodedItem(raw) : raw)),
    [],
    withdrawals.map(withdrawalItems),
  ])
}

/**
 * Decodes a block from its only RLP. Transactions are split off, not looked into.
 * @throws BlockFormatError
 */
export function decodeBlock(rlp: Uint8Array): DecodedBlock {
  let items: Items
  try {
    items = RLP.decode(rlp)
  } catch (error) {
    throw new BlockFormatError('it is not RLP', error)
  }
  if (!Array.isArray(items) || items.length !== 4) throw new BlockFormatError('a block has four parts')
  const [header, transactions, ommers, withdrawals] = items
  if (!Array.isArray(transactions) || !Array.isArray(withdrawals)) throw new BlockFormatError('its body is not made of lists')
  if (!Array.isArray(ommers) || ommers.length > 0) throw new BlockFormatError('it has ommers')
  const block = {
    header: headerFromItems(header),
    transactions: transactions.map((transaction) => (transaction instanceof Uint8Array ? typed(transaction) : encodeRlp(transaction))),
    withdrawals: withdrawals.map(decodeWithdrawal),
  }
  if (Buffer.compare(encodeBlock(block), rlp) !== 0) throw new BlockFormatError('its RLP is not canonical')
  return block
}

function typed(transaction: Uint8Array): Uint8Array {
  if (transaction.length === 0 || (transaction[0] ?? 0) > 0x7f) throw new BlockFormatError('a transaction has no type')
  return transaction
}

function decodeWithdrawal(items: Items): Withdrawal {
  if (!Array.isArray(items) || items.length !== 4) throw new BlockFormatError('a withdrawal has four fields')
  const [index, validatorIndex, address, amount] = items
  const uint64 = (item: Items | undefined): bigint => {
    if (!(item instanceof Uint8Array) || item.length > 8 || item[0] === 0) throw new BlockFormatError('a withdrawal has a malformed number')
    return bytesToBigint(item)
  }
  if (!(address instanceof Uint8Array) || address.length !== 20) throw new BlockFormatError('a withdrawal has a malformed address')
  return {
    index: uint64(index),
    validatorIndex: uint64(validatorIndex),
    address: bytesToHex(address),
    amountGwei: uint64(amount),
  }
}
