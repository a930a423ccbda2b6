import type { Simulator } from '../../core/index.ts'
import { type BlockJson, blockToJson, type TransactionDetail } from '../encoding/block-json.ts'

/** The block that would be sealed now. As in geth it has no hash, nonce and coinbase: it may never come to be. */
export async function pendingBlockToJson(simulator: Simulator, detail: TransactionDetail): Promise<BlockJson> {
  const block = blockToJson(await simulator.pendingBlock(), undefined, detail)
  return { ...block, hash: null, nonce: null, miner: null, transactions: block.transactions.map(unplaced) }
}

/** Its place would name a block that nobody can ask for. */
function unplaced(transaction: BlockJson['transactions'][number]): BlockJson['transactions'][number] {
  if (typeof transaction === 'string') return transaction
  return { ...transaction, blockHash: null, blockNumber: null, transactionIndex: null }
}
