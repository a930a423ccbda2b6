import { createBlock } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { createTxFromRLP, TransactionType, type TypedTransaction } from '@ethereumjs/tx'
import { Account, Address } from '@ethereumjs/util'
import { runTx } from '@ethereumjs/vm'
import { bigintToBytes, bytesToHex, type Hex, keccak256Hex } from '../../../core/index.ts'
import { createCommon } from '../../../stf/chain-config.ts'
import { assertExecutable, decodeTransaction } from '../../../stf/execution/transaction-checks.ts'
import { createMachine, historyOf } from '../../../stf/execution/vm.ts'
import { emptyTrieRoot, StateStore, WorldState } from '../../../stf/index.ts'
import { MemoryStore } from '../../../stf/testing/memory-store.ts'
import { type Fork, failed, type Outcome, passed, type StateCase, type TransactionCase } from '../cases.ts'
import { kzg } from './kzg.ts'

const libraryForks = { Cancun: 'cancun', Prague: 'prague', Osaka: 'osaka' } as const

const commons = new Map<string, Common>()

/** The L2's configuration, at another fork and with point evaluation. */
export function commonOf(fork: Fork, chainId: bigint): Common {
  const key = `${fork} ${chainId}`
  const common = commons.get(key) ?? createCommon({ chainId, fork: libraryForks[fork], kzg })
  commons.set(key, common)
  return common
}

export interface StateWithStore {
  readonly state: WorldState
  readonly store: MemoryStore
}

export async function stateOf(accounts: StateCase['accounts']): Promise<StateWithStore> {
  const store = new MemoryStore()
  const state = WorldState.at(bytesToHex(emptyTrieRoot), new StateStore({}, store))
  for (const { address, nonce, balance, code, storage } of accounts) {
    const target = new Address(address)
    await state.putAccount(target, new Account(nonce, balance))
    if (code.length > 0) await state.putCode(target, code)
    for (const [slot, value] of storage) await state.putStorage(target, bigintToBytes(slot, 32), bigintToBytes(value, 32))
  }
  store.add(state.commitBlock())
  return { state, store }
}

/** As the node decodes transactions, and those with blobs, which it never has, likewise. */
function decode(bytes: Uint8Array, common: Common): TypedTransaction {
  if (bytes[0] !== TransactionType.BlobEIP4844) return decodeTransaction(bytes, common)
  const transaction = createTxFromRLP(bytes, { common })
  if (Buffer.compare(transaction.serialize(), bytes) !== 0) throw new TypeError('the encoding is not canonical')
  return transaction
}

function assertRoom(transaction: TypedTransaction, common: Common, gasLimit: bigint): void {
  if (transaction.gasLimit > gasLimit) throw new RangeError('the block has not so much gas')
  const blobs = 'blobVersionedHashes' in transaction ? transaction.blobVersionedHashes.length : 0
  if (BigInt(blobs) * common.param('blobGasPerBlob') > common.getBlobGasSchedule().maxBlobGasPerBlock) {
    throw new RangeError('the block has not so much blob gas')
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export async function runStateCase(test: StateCase): Promise<Outcome> {
  const { fork, block, accounts, transaction, expected } = test
  const common = commonOf(fork, block.chainId)
  const { state } = await stateOf(accounts)
  const header = createBlock(
    {
      header: {
        number: block.number,
        timestamp: block.timestamp,
        coinbase: new Address(block.coinbase),
        gasLimit: block.gasLimit,
        baseFeePerGas: block.baseFee,
        mixHash: block.prevRandao,
        excessBlobGas: block.excessBlobGas,
      },
    },
    { common, skipConsensusFormatValidation: true },
  )
  let verdict = 'valid'
  let logs: Hex = keccak256Hex(RLP.encode([]))
  await state.checkpoint()
  try {
    const tx = decode(transaction, common)
    assertRoom(tx, common, block.gasLimit)
    await assertExecutable(tx, state, block.baseFee)
    const vm = await createMachine({ common, state, history: historyOf(state) })
    const { receipt } = await runTx(vm, { tx, block: header, skipHardForkValidation: true })
    logs = keccak256Hex(RLP.encode(receipt.logs))
    await state.commit()
  } catch (error) {
    verdict = `refused (${messageOf(error)})`
    state.revertTo(0)
  }
  const { stateRoot } = state.commitBlock()
  if (stateRoot === expected.stateRoot && logs === expected.logsHash && (verdict === 'valid') === expected.isValid) return passed
  return failed(
    `expected ${expected.isValid ? 'valid' : 'refused'} ${expected.stateRoot} ${expected.logsHash}, has ${verdict} ${stateRoot} ${logs}`,
  )
}

/** What a transaction's bytes tell, without a state. */
export function runTransactionCase({ fork, transaction, expected }: TransactionCase): Outcome {
  let actual = 'refused'
  let reason = ''
  try {
    const tx = decode(transaction, commonOf(fork, 1n))
    const errors = tx.getValidationErrors()
    if (errors.length > 0) throw new TypeError(errors.join(', '))
    actual = `${bytesToHex(tx.getSenderAddress().bytes)} ${tx.getIntrinsicGas()}`
  } catch (error) {
    reason = messageOf(error)
  }
  const wanted = expected === null ? 'refused' : `${expected.sender} ${expected.intrinsicGas}`
  return actual === wanted ? passed : failed(`expected ${wanted}, is ${actual} ${reason}`)
}
