import { createBlock } from '@ethereumjs/block'
import { createTxFromRLP } from '@ethereumjs/tx'
import { Account, createAddressFromString } from '@ethereumjs/util'
import { createVM, runTx } from '@ethereumjs/vm'
import { bytesToHex, type Hex, hexToBytes } from '../core/index.ts'
import { createL2Common, StateStore, WorldState } from '../stf/index.ts'
import { MemoryStore } from '../stf/testing/memory-store.ts'
import { holder, signDeployment, signTransfers } from './token-transfers.ts'

const chainId = 313372

const emptyRoot = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'

/**
 * What @ethereumjs/vm itself takes for the transfers, as the library is: decoding, native sender recovery and `runTx` on a state that is a few
 * maps with an undo log. No trie that has anything in it, block, receipt, disk, pool or RPC.
 *
 * The library's own SimpleStateManager is no measure: it copies the whole state at every checkpoint, 80 % of the time after 6,000 transfers.
 */
export async function measureBareEvm({
  count,
  warmUp,
}: {
  count: number
  warmUp: number
}): Promise<{ perSecond: number; cpuMsEach: number }> {
  const common = createL2Common(BigInt(chainId))
  const stateManager = WorldState.at(emptyRoot, new StateStore({}, new MemoryStore()))
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
