import { RLP } from '@ethereumjs/rlp'
import { bytesToBigint, bytesToHex, type Hex, type Receipt } from '../../core/index.ts'

interface GuestReceipt {
  readonly succeeded: boolean
  readonly cumulativeGasUsed: bigint
  readonly logs: readonly { readonly address: Hex; readonly topics: readonly Hex[]; readonly data: Hex }[]
}

/** Where the guest's receipts of a block, in their EIP-2718 encoding, are others than the sequencer's: a line for each transaction. */
export function compareReceipts(guest: readonly Uint8Array[], own: readonly Receipt[]): string[] {
  const lines: string[] = []
  let cumulative = 0n
  for (const [index, receipt] of own.entries()) {
    const encoded = guest[index]
    const theirs = encoded === undefined ? undefined : decodeReceipt(encoded)
    if (theirs === undefined) break
    const gasUsed = theirs.cumulativeGasUsed - cumulative
    cumulative = theirs.cumulativeGasUsed
    const differences = [
      ...(theirs.succeeded === receipt.succeeded
        ? []
        : [`${outcome(theirs.succeeded)} (guest), ${outcome(receipt.succeeded)} (sequencer)`]),
      ...(gasUsed === receipt.gasUsed ? [] : [`gas used ${gasUsed} (guest), ${receipt.gasUsed} (sequencer)`]),
      ...differingLogs(theirs.logs, receipt.logs),
    ]
    if (differences.length > 0) lines.push(`transaction ${index} (${receipt.transactionHash}): ${differences.join('; ')}`)
  }
  return lines
}

const outcome = (succeeded: boolean): string => (succeeded ? 'succeeds' : 'fails')

function differingLogs(guest: GuestReceipt['logs'], own: Receipt['logs']): string[] {
  if (guest.length !== own.length) return [`${guest.length} logs (guest), ${own.length} (sequencer)`]
  const at = own.findIndex(({ address, topics, data }, index) => {
    const log = guest[index]
    return log?.address !== address || log.data !== data || log.topics.join() !== topics.join()
  })
  return at < 0 ? [] : [`log ${at} of ${own[at]?.address} differs`]
}

/** Undefined for what is no receipt. */
function decodeReceipt(encoded: Uint8Array): GuestReceipt | undefined {
  try {
    const isTyped = (encoded[0] ?? 0xff) < 0x80
    const fields = RLP.decode(isTyped ? encoded.subarray(1) : encoded)
    if (!Array.isArray(fields)) return undefined
    const [status, cumulativeGasUsed, , logs] = fields
    if (!(status instanceof Uint8Array) || !(cumulativeGasUsed instanceof Uint8Array) || !Array.isArray(logs)) return undefined
    return { succeeded: status.length === 1, cumulativeGasUsed: bytesToBigint(cumulativeGasUsed), logs: logs.map(decodeLog) }
  } catch {
    return undefined
  }
}

function decodeLog(log: unknown): GuestReceipt['logs'][number] {
  // A receipt of our own guest; what is not of its shape is caught above.
  const [address, topics, data] = log as [Uint8Array, Uint8Array[], Uint8Array]
  return { address: bytesToHex(address), topics: topics.map(bytesToHex), data: bytesToHex(data) }
}
