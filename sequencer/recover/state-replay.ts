import { bytesToHex, decodeStateDiff, type Hex, keccak256Hex } from '../../core/index.ts'
import {
  applyStateDiff,
  type CodeReader,
  decodeHeader,
  emptyTrieRoot,
  type HashKey,
  hashToKey,
  mergeChanges,
  type NodeReader,
  type StateChanges,
  StateStore,
  type StoredCode,
  type StoredNode,
  WorldState,
} from '../../stf/index.ts'
import { RecoveryDataError } from './errors.ts'
import type { RecoveredBatch } from './executed-batches.ts'

/** Nodes and codes that diffs made. */
class GrowingStore implements NodeReader, CodeReader {
  readonly #nodes = new Map<HashKey, StoredNode>()
  readonly #codes = new Map<Hex, StoredCode>()

  node(hash: Uint8Array): Uint8Array | undefined {
    return this.#nodes.get(hashToKey(hash))?.rlp
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#codes.get(bytesToHex(hash))?.code
  }

  add({ newNodes, newCodes }: { newNodes: readonly StoredNode[]; newCodes: readonly StoredCode[] }): void {
    for (const node of newNodes) this.#nodes.set(node.key, node)
    for (const code of newCodes) this.#codes.set(bytesToHex(code.hash), code)
  }

  nodes(): Iterable<StoredNode> {
    return this.#nodes.values()
  }

  codes(): Iterable<StoredCode> {
    return this.#codes.values()
  }
}

/** The L2's state, grown from nothing by the diffs of batches. */
export class StateReplay {
  readonly #store = new GrowingStore()
  readonly #state = WorldState.at(bytesToHex(emptyTrieRoot), new StateStore({}, this.#store))
  readonly #changes: StateChanges[] = []
  #header: Uint8Array | undefined

  /** Applies the next batch's diff. Throws `RecoveryDataError` unless it leads to the batch's block hash and state root. */
  async apply({ number, stateDiff, lastBlockHash, lastBlockNumber, stateRoot }: RecoveredBatch): Promise<void> {
    const refuse = (reason: string, cause?: unknown): never => {
      throw new RecoveryDataError({ batch: number, reason, cause })
    }
    const { header, ...diff } = attempt(
      () => decodeStateDiff(stateDiff),
      (cause) => refuse('its state diff is not canonical', cause),
    )
    if (keccak256Hex(header) !== lastBlockHash) return refuse('the header in its state diff has another hash than its last block')
    const decoded = attempt(
      () => decodeHeader(header),
      (cause) => refuse('the header in its state diff is malformed', cause),
    )
    if (decoded.number !== lastBlockNumber) return refuse(`its last header has number ${decoded.number}, not ${lastBlockNumber}`)
    if (decoded.stateRoot !== stateRoot) return refuse(`its last header has state root ${decoded.stateRoot}, not ${stateRoot}`)
    const commit = await applyStateDiff(this.#state, diff).catch((cause: unknown) => refuse('its state diff does not fit the state', cause))
    if (commit.stateRoot !== stateRoot) return refuse(`its state diff leads to the state root ${commit.stateRoot}, not ${stateRoot}`)
    this.#store.add(commit)
    this.#changes.push(commit.changes)
    this.#header = header
  }

  /** RLP of the newest header, all that stands below its state root, and how that came from nothing. */
  result(): {
    readonly header: Uint8Array
    readonly nodes: Iterable<StoredNode>
    readonly codes: Iterable<StoredCode>
    readonly changes: StateChanges
  } {
    if (this.#header === undefined) throw new RangeError('no batch was applied')
    return { header: this.#header, nodes: this.#store.nodes(), codes: this.#store.codes(), changes: mergeChanges(this.#changes) }
  }
}

function attempt<T>(work: () => T, otherwise: (cause: unknown) => never): T {
  try {
    return work()
  } catch (cause) {
    return otherwise(cause)
  }
}
