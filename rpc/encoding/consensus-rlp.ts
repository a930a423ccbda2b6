import { RLP } from '@ethereumjs/rlp'
import {
  type BlockHeader,
  bigintToBytes,
  bytesToHex,
  concatBytes,
  type Hex,
  hexToBytes,
  type Receipt,
  type SealedBlock,
} from '../../core/index.ts'

type Item = Uint8Array | Item[]

// In the order of the RLP (Yellow Paper 4.4.3, and the EIPs that appended to it).
const headerFields = [
  'parentHash',
  'ommersHash',
  'coinbase',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'mixHash',
  'nonce',
  'baseFeePerGas',
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const satisfies readonly (keyof BlockHeader)[]

function headerItems(header: BlockHeader): Item[] {
  return headerFields.map((field) => {
    const value: bigint | Hex = header[field]
    return typeof value === 'bigint' ? uint(value) : hexToBytes(value)
  })
}

/** RLP of a header; its keccak256 is the block's hash. */
export function headerToRlp(header: BlockHeader): Hex {
  return bytesToHex(RLP.encode(headerItems(header)))
}

export function blockToRlp({ header, transactions, withdrawals }: SealedBlock): Hex {
  return bytesToHex(
    RLP.encode([
      headerItems(header),
      // A legacy transaction is a list in the block, a typed one a string.
      transactions.map(({ raw }): Item => ((raw[0] ?? 0) >= 0xc0 ? RLP.decode(raw) : raw)),
      [],
      withdrawals.map(({ index, validatorIndex, address, amountGwei }) => [
        uint(index),
        uint(validatorIndex),
        hexToBytes(address),
        uint(amountGwei),
      ]),
    ]),
  )
}

/** EIP-2718 encoding of a receipt, as the receipts trie has it. */
export function receiptToRlp({ type, succeeded, cumulativeGasUsed, logsBloom, logs }: Receipt): Hex {
  const payload = RLP.encode([
    succeeded ? Uint8Array.of(1) : new Uint8Array(),
    uint(cumulativeGasUsed),
    hexToBytes(logsBloom),
    logs.map(({ address, topics, data }) => [hexToBytes(address), topics.map(hexToBytes), hexToBytes(data)]),
  ])
  return bytesToHex(type === 0 ? payload : concatBytes(Uint8Array.of(type), payload))
}

function uint(value: bigint): Uint8Array {
  return value === 0n ? new Uint8Array() : bigintToBytes(value, Math.ceil(value.toString(16).length / 2))
}
