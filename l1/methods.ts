// What the journal must know about JSON-RPC methods. Everything that is not listed as reading is taken to change the chain.

const reading: ReadonlySet<string> = new Set([
  'debug_traceCall',
  'debug_traceTransaction',
  'eth_blobBaseFee',
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_coinbase',
  'eth_config',
  'eth_createAccessList',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_getBlockTransactionCountByHash',
  'eth_getBlockTransactionCountByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByBlockHashAndIndex',
  'eth_getTransactionByBlockNumberAndIndex',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_mining',
  'eth_pendingTransactions',
  'eth_simulateV1',
  'eth_syncing',
  'hardhat_addCompilationResult',
  'hardhat_getAutomine',
  'hardhat_metadata',
  'net_listening',
  'net_peerCount',
  'net_version',
  'rpc_modules',
  'txpool_content',
  'txpool_inspect',
  'txpool_status',
  'web3_clientVersion',
  'web3_sha3',
])

/** Whether the method leaves the chain and the pool as they are, so that it needs neither the queue nor the journal. */
export function isReading(method: string): boolean {
  return reading.has(method)
}

/** Whether the request seals a block: then it is executed, and replayed, with an explicit timestamp. */
export function isSealing(method: string, params: readonly unknown[], automine: boolean): boolean {
  if (method === 'evm_mine') return params[0] === undefined || params[0] === null
  if (method === 'hardhat_mine') return true
  return automine && (method === 'eth_sendRawTransaction' || method === 'eth_sendTransaction')
}

/** What stays in force until it is set again and is no part of the chain's state: carried over checkpoints, the last one wins. */
const settings: ReadonlySet<string> = new Set([
  'evm_setAutomine',
  'evm_setBlockGasLimit',
  'evm_setIntervalMining',
  'hardhat_impersonateAccount',
  'hardhat_setCoinbase',
  'hardhat_setMinGasPrice',
  'hardhat_stopImpersonatingAccount',
])

const restoredByRevert: ReadonlySet<string> = new Set(['evm_setBlockGasLimit', 'hardhat_setCoinbase'])

/** The settings that `evm_revert` leaves alone. */
export const settingsThatOutliveReverts: readonly string[] = [...settings].filter((method) => !restoredByRevert.has(method))

/** Key under which a setting is kept, or undefined for what is none. */
export function settingName(method: string, params: readonly unknown[]): string | undefined {
  if (!settings.has(method)) return undefined
  if (method === 'hardhat_impersonateAccount' || method === 'hardhat_stopImpersonatingAccount') {
    return `impersonation of ${String(params[0]).toLowerCase()}`
  }
  return method
}

/** Effects that wait for the next block in EDR's memory, where no checkpoint finds them. */
export function isForNextBlock(method: string): boolean {
  return method === 'hardhat_setNextBlockBaseFeePerGas' || method === 'hardhat_setPrevRandao'
}
