import type { ChainReader, SealingControl, TransactionPool } from '../../core/index.ts'
import { blockBatchFields } from '../encoding/batch-fields.ts'
import { type BlockJson, headerToJson, type TransactionDetail } from '../encoding/block-json.ts'
import { toQuantity } from '../encoding/quantity.ts'
import { pooledPlace, transactionToJson } from '../encoding/transaction-json.ts'

const emptyListHash = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
const emptyTrieRoot = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'

/**
 * The block that would be sealed now, with the pool's executable transactions. Nothing is executed for it, so its state root is the head's,
 * and the roots that follow from execution are those of an empty block.
 */
export function pendingBlockToJson(
  { chain, pool, sealing }: { readonly chain: ChainReader; readonly pool: TransactionPool; readonly sealing: SealingControl },
  detail: TransactionDetail,
): BlockJson {
  const head = chain.head()
  const next = sealing.nextBlock()
  const transactions = pool.pending()
  return {
    ...headerToJson({
      ...head.header,
      parentHash: head.hash,
      ommersHash: emptyListHash,
      transactionsRoot: emptyTrieRoot,
      receiptsRoot: emptyTrieRoot,
      withdrawalsRoot: emptyTrieRoot,
      logsBloom: `0x${'0'.repeat(512)}`,
      number: next.number,
      timestamp: next.timestamp,
      gasLimit: next.gasLimit,
      gasUsed: 0n,
      baseFeePerGas: next.baseFeePerGas,
    }),
    hash: null,
    nonce: null,
    miner: null,
    size: toQuantity(0),
    uncles: [],
    transactions:
      detail === 'hashes' ? transactions.map(({ hash }) => hash) : transactions.map((pooled) => transactionToJson(pooled, pooledPlace)),
    withdrawals: [],
    ...blockBatchFields(undefined),
  }
}
