import type { SealingControl } from '../../core/index.ts'

interface MineRequest {
  readonly blocks: number | null | undefined
  readonly intervalSeconds: number | null | undefined
}

/** What hardhat_mine and anvil_mine have in common; zero blocks are none. */
export async function mineBlocks({ blocks, intervalSeconds }: MineRequest, sealing: SealingControl): Promise<void> {
  if (blocks === 0) return
  await sealing.mine({ blocks: blocks ?? 1, intervalSeconds: BigInt(intervalSeconds ?? 1) })
}
