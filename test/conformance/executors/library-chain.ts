import { type Block, type BlockHeader, createBlockFromRLP, createBlockHeaderFromRLP } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import type { EVMMockBlockchainInterface } from '@ethereumjs/evm'
import { runBlock } from '@ethereumjs/vm'
import { bytesToHex, type Hex } from '../../../core/index.ts'
import { createMachine, historyOf } from '../../../stf/execution/vm.ts'
import type { WorldState } from '../../../stf/index.ts'
import { type ChainCase, failed, type Outcome, passed } from '../cases.ts'
import { commonOf, type StateWithStore, stateOf } from './library-state.ts'

class InvalidHeaderError extends Error {
  override name = 'InvalidHeaderError'
}

function assertRule(holds: boolean, rule: string): void {
  if (!holds) throw new InvalidHeaderError(rule)
}

/** What a header owes to its parent; the rules within it are checked when it is decoded. */
function assertFollows({ header }: Block, parent: BlockHeader, common: Common): void {
  header.validateGasLimit(parent)
  assertRule(header.gasLimit < 2n ** 63n, 'gas limit')
  assertRule(header.number === parent.number + 1n, 'number')
  assertRule(header.timestamp > parent.timestamp, 'timestamp')
  assertRule(header.baseFeePerGas === parent.calcNextBaseFee(), 'base fee')
  assertRule(header.excessBlobGas === parent.calcNextExcessBlobGas(common), 'excess blob gas')
}

/** BLOCKHASH before EIP-2935: the ancestors themselves. */
const ancestorsOf = (parent: BlockHeader, known: ReadonlyMap<Hex, BlockHeader>): EVMMockBlockchainInterface => ({
  async getBlock(number: number) {
    let header: BlockHeader | undefined = parent
    while (header !== undefined && header.number > BigInt(number)) header = known.get(bytesToHex(header.parentHash))
    return { hash: () => header?.hash() ?? new Uint8Array(32) }
  },
  async putBlock() {},
  shallowCopy: () => ancestorsOf(parent, known),
})

interface Chain extends StateWithStore {
  readonly common: Common
  readonly headers: Map<Hex, BlockHeader>
}

async function addBlock({ common, state, store, headers }: Chain, rlp: Uint8Array): Promise<void> {
  const block = createBlockFromRLP(rlp, { common })
  assertRule(Buffer.compare(block.serialize(), rlp) === 0, 'canonical RLP')
  const parent = headers.get(bytesToHex(block.header.parentHash))
  if (parent === undefined) throw new InvalidHeaderError('known parent')
  assertFollows(block, parent, common)
  await block.validateData(false, true, true)
  block.validateBlobTransactions(parent)
  await state.setStateRoot(parent.stateRoot)
  const history = common.isActivatedEIP(2935) ? historyOf(state) : ancestorsOf(parent, headers)
  const vm = await createMachine({ common, state, history })
  // `generate`: the state has no root before it is committed, so its results are compared here rather than there.
  const { gasUsed, receiptsRoot, logsBloom, requestsHash } = await runBlock(vm, { block, generate: true, skipBlockValidation: true })
  assertRule(gasUsed === block.header.gasUsed, 'gas used')
  assertRule(Buffer.compare(receiptsRoot, block.header.receiptTrie) === 0, 'receipts root')
  assertRule(Buffer.compare(logsBloom, block.header.logsBloom) === 0, 'logs bloom')
  assertRule(Buffer.compare(requestsHash ?? new Uint8Array(0), block.header.requestsHash ?? new Uint8Array(0)) === 0, 'requests hash')
  const commit = state.commitBlock()
  assertRule(commit.stateRoot === bytesToHex(block.header.stateRoot), 'state root')
  store.add(commit)
  headers.set(bytesToHex(block.hash()), block.header)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const discard = (state: WorldState): void => {
  state.revertTo(0)
  state.discard()
}

export async function runChainCase({ fork, chainId, genesisHeader, accounts, blocks, head }: ChainCase): Promise<Outcome> {
  const common = commonOf(fork, chainId)
  const genesis = createBlockHeaderFromRLP(genesisHeader, { common })
  const { state, store } = await stateOf(accounts)
  if (state.root !== bytesToHex(genesis.stateRoot)) return failed('the state does not have the root of the genesis')
  const chain: Chain = { common, state, store, headers: new Map([[bytesToHex(genesis.hash()), genesis]]) }
  for (const [i, { rlp, isValid }] of blocks.entries()) {
    let refusal: string | undefined
    try {
      await addBlock(chain, rlp)
    } catch (error) {
      refusal = messageOf(error)
      discard(state)
    }
    if (isValid && refusal !== undefined) return failed(`block ${i + 1} should be valid, is refused (${refusal})`)
    if (!isValid && refusal === undefined) return failed(`block ${i + 1} should be refused, is accepted`)
  }
  return chain.headers.has(head as Hex) ? passed : failed(`its head ${head} is no block of the chain`)
}
