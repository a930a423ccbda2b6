import { createBlock } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { createTxFromRLP } from '@ethereumjs/tx'
import { Account, Address } from '@ethereumjs/util'
import { runTx } from '@ethereumjs/vm'
import { bigintToBytes, bytesToHex, keccak256Hex } from '../../core/index.ts'
import { vmFor } from '../../stf/execution/vm.ts'
import { createL2Common, emptyTrieRoot, StateStore, WorldState } from '../../stf/index.ts'
import { MemoryStore } from '../../stf/testing/memory-store.ts'
import type { StateCase, StateOutcome } from './evm-state.ts'

async function stateOf(accounts: StateCase['accounts']): Promise<WorldState> {
  const store = new MemoryStore()
  const state = WorldState.at(bytesToHex(emptyTrieRoot), new StateStore({}, store))
  for (const { address, nonce, balance, code, storage } of accounts) {
    const target = new Address(address)
    await state.putAccount(target, new Account(nonce, balance))
    if (code.length > 0) await state.putCode(target, code)
    for (const [slot, value] of storage) await state.putStorage(target, bigintToBytes(slot, 32), bigintToBytes(value, 32))
  }
  store.add(state.commitBlock())
  return state
}

/** The same transaction on the same state in @ethereumjs/vm, as the node configures it; of Osaka only. */
export async function runInLibrary({ block, accounts, transaction }: StateCase): Promise<StateOutcome> {
  const common = createL2Common(block.chainId)
  const state = await stateOf(accounts)
  const header = createBlock(
    {
      header: {
        number: block.number,
        timestamp: block.timestamp,
        coinbase: new Address(block.coinbase),
        gasLimit: block.gasLimit,
        baseFeePerGas: block.baseFee,
        mixHash: block.prevRandao,
      },
    },
    { common, skipConsensusFormatValidation: true },
  )
  const vm = await vmFor(common, state)
  const { receipt, totalGasSpent, execResult } = await runTx(vm, {
    tx: createTxFromRLP(transaction, { common }),
    block: header,
    skipHardForkValidation: true,
  })
  return {
    status: 0,
    detail: 0,
    succeeded: execResult.exceptionError === undefined,
    gasUsed: totalGasSpent,
    stateRoot: state.commitBlock().stateRoot,
    logsHash: keccak256Hex(RLP.encode(receipt.logs)),
  }
}
