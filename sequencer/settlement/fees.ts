import type { L1Client } from './l1-client.ts'

/** EIP-1559 fees, wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** Room for six full blocks in a row. */
const baseFeeHeadroom = 2n

export async function marketFees(l1: L1Client): Promise<Fees> {
  const [head, maxPriorityFeePerGas] = await Promise.all([l1.block('latest'), l1.maxPriorityFeePerGas()])
  return { maxFeePerGas: (head?.baseFeePerGas ?? 0n) * baseFeeHeadroom + maxPriorityFeePerGas, maxPriorityFeePerGas }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
// Pools ask for 10 % more (geth, reth) or 12.5 % (others) on both fields.
const raised = (fee: bigint): bigint => (fee * 1125n) / 1000n + 1n

/** Fees that replace a transaction of those fees in any pool; at least the market's. */
export function bumpedFees(previous: Fees, market: Fees): Fees {
  const maxPriorityFeePerGas = max(raised(previous.maxPriorityFeePerGas), market.maxPriorityFeePerGas)
  return { maxFeePerGas: max(max(raised(previous.maxFeePerGas), market.maxFeePerGas), maxPriorityFeePerGas), maxPriorityFeePerGas }
}
