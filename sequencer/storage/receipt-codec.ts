import { RLP } from '@ethereumjs/rlp'
import { bytesToBigint, bytesToHex, type Hex, hexToBytes, type Receipt } from '../../core/index.ts'

/** What a receipt says beyond its transaction's row and its logs. */
export type ReceiptFields = Pick<
  Receipt,
  'type' | 'to' | 'contractAddress' | 'succeeded' | 'gasUsed' | 'cumulativeGasUsed' | 'effectiveGasPrice' | 'logsBloom'
> & { readonly logCount: number }

export function encodeReceipt(receipt: Receipt): Uint8Array {
  const { type, to, contractAddress, succeeded, gasUsed, cumulativeGasUsed, effectiveGasPrice, logs } = receipt
  return RLP.encode([
    type,
    addressBytes(to),
    addressBytes(contractAddress),
    succeeded ? 1 : 0,
    gasUsed,
    cumulativeGasUsed,
    effectiveGasPrice,
    logs.length,
    // Without logs the bloom is 256 zero bytes.
    logs.length === 0 ? new Uint8Array() : hexToBytes(receipt.logsBloom),
  ])
}

const emptyBloom: Hex = `0x${'00'.repeat(256)}`

export function decodeReceipt(rlp: Uint8Array): ReceiptFields {
  const items = RLP.decode(rlp)
  const bytes = (index: number): Uint8Array => {
    const item = items[index]
    if (!(item instanceof Uint8Array)) throw new TypeError(`field ${index} of a stored receipt is missing`)
    return item
  }
  const bloom = bytes(8)
  return {
    type: Number(bytesToBigint(bytes(0))),
    to: addressHex(bytes(1)),
    contractAddress: addressHex(bytes(2)),
    succeeded: bytes(3).length === 1,
    gasUsed: bytesToBigint(bytes(4)),
    cumulativeGasUsed: bytesToBigint(bytes(5)),
    effectiveGasPrice: bytesToBigint(bytes(6)),
    logCount: Number(bytesToBigint(bytes(7))),
    logsBloom: bloom.length === 0 ? emptyBloom : bytesToHex(bloom),
  }
}

function addressBytes(address: Hex | null): Uint8Array {
  return address === null ? new Uint8Array() : hexToBytes(address)
}

function addressHex(bytes: Uint8Array): Hex | null {
  return bytes.length === 0 ? null : bytesToHex(bytes)
}
