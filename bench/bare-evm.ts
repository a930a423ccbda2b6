import { createBlock } from '@ethereumjs/block'
import { SimpleStateManager } from '@ethereumjs/statemanager'
import { createTxFromRLP } from '@ethereumjs/tx'
import { Account, createAddressFromString } from '@ethereumjs/util'
import { createVM, runTx } from '@ethereumjs/vm'
import { bytesToHex, type Hex, hexToBytes } from '../core/index.ts'
import { createL2Common } from '../stf/index.ts'
import { holder, signDeployment, signTransfers } from './token-transfers.ts'

const chainId = 313372

/**
 * What @ethereumjs/vm itself takes for the transfers: decoding, native sender recovery and `runTx` on a state that is a few maps.
 * No trie, block, receipt, disk, pool or RPC: nothing that is built on it can be faster.
 */
export async function measureBareEvm({
  count,
  warmUp,
}: {
  count: number
  warmUp: number
}): Promise<{ perSecond: number; cpuMsEach: number }> {
  const common = createL2Common(BigInt(chainId))
  const stateManager = new SimpleStateManager({ common })
  const vm = await createVM({ common, stateManager })
  await stateManager.putAccount(createAddressFromString(holder), new Account(0n, 10n ** 22n))
  const header = { number: 1, timestamp: 1, gasLimit: 30_000_000, baseFeePerGas: 1_000_000_000n }
  const block = createBlock({ header }, { common, skipConsensusFormatValidation: true })
  const run = (raw: Hex) => runTx(vm, { tx: createTxFromRLP(hexToBytes(raw), { common }), block, skipHardForkValidation: true })

  const { createdAddress } = await run(await signDeployment({ chainId, nonce: 0 }))
  if (createdAddress === undefined) throw new Error('the token was not deployed')
  const transfers = await signTransfers({ chainId, nonce: 1, to: bytesToHex(createdAddress.bytes), count: count + warmUp })
  for (const raw of transfers.slice(0, warmUp)) await run(raw)
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  for (const raw of transfers.slice(warmUp)) {
    const { execResult } = await run(raw)
    if (execResult.exceptionError !== undefined) throw new Error(`a transfer failed: ${execResult.exceptionError.error}`)
  }
  const seconds = (performance.now() - startMs) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  return { perSecond: Math.round(count / seconds), cpuMsEach: Number(((user + system) / 1000 / count).toFixed(2)) }
}
