import { setImmediate } from 'node:timers/promises'
import {
  decodeDepositPayload,
  encodeStateDiff,
  type Hex,
  hexToBytes,
  type InboxItem,
  InboxTree,
  InvalidProverInputError,
  inboxKinds,
  inboxLeaf,
  keccak256Hex,
  messageLeaf,
  messagesOfReceipts,
  messagesRoot,
  type ProverInput,
  type PublicInputs,
  type Receipt,
  rules,
  type Withdrawal,
} from '../../core/index.ts'
import {
  changesToDiff,
  createL2Common,
  decodeHeader,
  encodeHeader,
  executeBlock,
  mergeChanges,
  type StateChanges,
  StateStore,
  WitnessStore,
  WorldState,
} from '../../stf/index.ts'

export interface ExecutedBatch {
  readonly publicInputs: PublicInputs
  readonly stateDiff: Uint8Array
}

/**
 * Re-executes a batch from its prover input alone and computes what it proves. Nothing is taken over from the input unchecked:
 * nodes and codes are found by their hash, blocks by what their execution gives, the Inbox items by the roots that come out.
 * Nodes and codes that nothing reads are allowed: what is proven does not depend on them.
 *
 * Throws `InvalidProverInputError` where the batch is not valid or the witness not complete.
 */
export async function executeBatch(input: ProverInput, signal: AbortSignal): Promise<ExecutedBatch> {
  try {
    return await execute(input, signal)
  } catch (error) {
    signal.throwIfAborted()
    // Execution is deterministic, so whatever it throws it throws again; but memory may only be short here and now.
    if (error instanceof InvalidProverInputError || error instanceof RangeError) throw error
    throw new InvalidProverInputError(error instanceof Error ? error.message.replace(/\.$/, '') : String(error), error)
  }
}

async function execute(input: ProverInput, signal: AbortSignal): Promise<ExecutedBatch> {
  if (input.rulesVersion !== rules.version) throw new InvalidProverInputError(`rules version ${input.rulesVersion} is unknown`)
  const common = createL2Common(input.l2ChainId)
  const witness = new WitnessStore(input)
  // The root before is a public input of its own: after a dev batch it differs from the parent header's.
  const state = WorldState.at(input.stateRootBefore, new StateStore({}, witness))
  const inbox = new InboxConsumption(input)
  const parent = decodeHeader(input.parentHeader)
  const receipts: Receipt[] = []
  const changes: StateChanges[] = []
  let head = parent
  for (const blockRlp of input.blocks) {
    // Lets heartbeats, and the news that nobody waits any more, through.
    await setImmediate()
    signal.throwIfAborted()
    const { block, commit, receipts: blockReceipts } = await executeBlock({ common, state, parentHeader: head, blockRlp })
    inbox.consume(block.withdrawals)
    inbox.assertRoot(block.header)
    witness.add(commit)
    changes.push(commit.changes)
    receipts.push(...blockReceipts)
    head = block.header
  }
  inbox.assertConsumed()
  if (receipts.length > rules.maxTransactionsPerBatch)
    throw new InvalidProverInputError(`${receipts.length} transactions are too many for a batch`)

  const headerRlp = encodeHeader(head)
  const accounts = changesToDiff(mergeChanges(changes), (hash) => witness.code(hexToBytes(hash)))
  const stateDiff = encodeStateDiff({ header: headerRlp, accounts })
  return {
    stateDiff,
    publicInputs: {
      l1ChainId: input.l1ChainId,
      rollup: input.rollup,
      l2ChainId: input.l2ChainId,
      rulesVersion: input.rulesVersion,
      batchNumber: input.batchNumber,
      parentBlockHash: keccak256Hex(input.parentHeader),
      stateRootBefore: input.stateRootBefore,
      lastBlockHash: keccak256Hex(headerRlp),
      stateRootAfter: head.stateRoot,
      firstBlockNumber: parent.number + 1n,
      lastBlockNumber: head.number,
      lastTimestamp: head.timestamp,
      stateDiffHash: keccak256Hex(stateDiff),
      inboxCountBefore: input.inboxCountBefore,
      inboxRootBefore: inbox.rootBefore,
      inboxCountAfter: inbox.count,
      inboxRootAfter: inbox.root,
      messagesRoot: messagesRoot(messagesOfReceipts(receipts).map(messageLeaf)),
    },
  }
}

/**
 * The Inbox as the blocks consume it: each deposit is exactly the next item, or ether would come from nowhere. Without items there is no
 * tree, and the root is what the first block says: L1 knows the true one.
 */
class InboxConsumption {
  readonly #items: readonly InboxItem[]
  readonly #tree: InboxTree | undefined
  readonly #countBefore: bigint
  #rootBefore: Hex | undefined
  #next = 0

  constructor({ inboxCountBefore, frontier, items }: Pick<ProverInput, 'inboxCountBefore' | 'frontier' | 'items'>) {
    this.#countBefore = inboxCountBefore
    this.#items = items
    this.#tree = items.length === 0 ? undefined : new InboxTree({ count: inboxCountBefore, frontier })
    this.#rootBefore = this.#tree?.root()
  }

  get count(): bigint {
    return this.#tree?.count ?? this.#countBefore
  }

  get rootBefore(): Hex {
    if (this.#rootBefore === undefined) throw new InvalidProverInputError('no block says what the Inbox root is')
    return this.#rootBefore
  }

  get root(): Hex {
    return this.#tree?.root() ?? this.rootBefore
  }

  assertRoot({ number, parentBeaconBlockRoot }: { readonly number: bigint; readonly parentBeaconBlockRoot: Hex }): void {
    this.#rootBefore ??= parentBeaconBlockRoot
    if (parentBeaconBlockRoot === this.root) return
    throw new InvalidProverInputError(`block ${number} has parentBeaconBlockRoot ${parentBeaconBlockRoot}, the Inbox ${this.root}`)
  }

  /** Checks a block's deposits. */
  consume(deposits: readonly Withdrawal[]): void {
    for (const deposit of deposits) {
      const index = this.count
      const item = this.#items[this.#next++]
      if (item === undefined || this.#tree === undefined) throw new InvalidProverInputError(`deposit ${deposit.index} is not in the Inbox`)
      if (item.kind !== inboxKinds.deposit) throw new InvalidProverInputError(`Inbox item ${index} has the unknown kind ${item.kind}`)
      const { to, amountGwei } = decodeDepositPayload(item.payload)
      const isNext = deposit.index === index && deposit.validatorIndex === 0n && deposit.address === to && deposit.amountGwei === amountGwei
      if (!isNext) throw new InvalidProverInputError(`deposit ${deposit.index} is not item ${index} of the Inbox`)
      this.#tree.append(inboxLeaf(index, item))
    }
  }

  assertConsumed(): void {
    if (this.#next !== this.#items.length)
      throw new InvalidProverInputError(`${this.#items.length - this.#next} Inbox items are not consumed`)
  }
}
