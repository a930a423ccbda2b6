import type { ChainReader, Receipt, SealedBlock, SealingControl } from '../../core/index.ts'

export interface FeeHistory {
  readonly oldestBlock: bigint
  /** One more than the blocks: the last is that of the block after the newest. */
  readonly baseFeePerGas: readonly bigint[]
  readonly gasUsedRatio: readonly number[]
  /** Per block, the priority fee at each percentile of gas used. Undefined where no percentiles were asked for. */
  readonly reward: readonly (readonly bigint[])[] | undefined
}

const emptyHistory: FeeHistory = { oldestBlock: 0n, baseFeePerGas: [], gasUsedRatio: [], reward: undefined }

/** Fees of `count` blocks up to `newest`, fewer where history starts later. */
export function feeHistory(
  { newest, count, percentiles }: { readonly newest: bigint; readonly count: bigint; readonly percentiles: readonly number[] },
  { chain, sealing }: { readonly chain: ChainReader; readonly sealing: SealingControl },
): FeeHistory {
  const blocks: SealedBlock[] = []
  for (let number = newest; number >= 0n && number > newest - count; number -= 1n) {
    const block = chain.blockByNumber(number)
    if (block === undefined) break
    blocks.unshift(block)
  }
  const [oldest] = blocks
  if (oldest === undefined) return emptyHistory
  const afterNewest = chain.blockByNumber(newest + 1n)?.header.baseFeePerGas ?? sealing.nextBlock().baseFeePerGas
  return {
    oldestBlock: oldest.header.number,
    baseFeePerGas: [...blocks.map(({ header }) => header.baseFeePerGas), afterNewest],
    gasUsedRatio: blocks.map(({ header }) => Number(header.gasUsed) / Number(header.gasLimit)),
    reward:
      percentiles.length === 0
        ? undefined
        : blocks.map(({ header }) => rewards(chain.receipts(header.number), header.baseFeePerGas, percentiles)),
  }
}

/** Ascending percentiles: the tip paid where that share of the block's gas has been counted, cheapest first. */
function rewards(receipts: readonly Receipt[], baseFeePerGas: bigint, percentiles: readonly number[]): bigint[] {
  const sorted = receipts
    .map(({ effectiveGasPrice, gasUsed }) => ({ tip: effectiveGasPrice - baseFeePerGas, gasUsed: Number(gasUsed) }))
    .sort((a, b) => Number(a.tip - b.tip))
  const totalGas = sorted.reduce((sum, { gasUsed }) => sum + gasUsed, 0)
  let counted = 0
  let index = -1
  return percentiles.map((percentile) => {
    while (index < sorted.length - 1 && (index === -1 || counted < (totalGas * percentile) / 100)) {
      index += 1
      counted += sorted[index]?.gasUsed ?? 0
    }
    return sorted[index]?.tip ?? 0n
  })
}
