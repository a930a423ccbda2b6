import { type Abi, type Address, decodeErrorResult, encodeFunctionData, keccak256, type PublicClient } from 'viem'
import { createL1Client, machineVerifierAbi, rollupAbi } from '../../contracts/index.ts'
import type { Hex } from '../../core/index.ts'
import { forkL1, type L1Fork } from '../../l1/index.ts'

/** What L1 said: whether the call went through, and if not, with which error. */
export interface Answer {
  readonly isAccepted: boolean
  readonly text: string
}

/** Anybody: has no role anywhere. */
const stranger: Address = '0x00000000000000000000000000000000000bad01'
/** A copy of the verifier that knows no fact and no session yet. */
const freshVerifier: Address = '0x00000000000000000000000000000000000bad02'

/** EIP-7825. */
const transactionGas = '0xffffff'

const abis: readonly Abi[] = [machineVerifierAbi, rollupAbi]

type RollupFunction = 'commitBatches' | 'proveBatches' | 'executeBatches' | 'scheduleUpgrade' | 'executeUpgrade'

interface Parties {
  readonly rollup: Address
  readonly sequencer: Address
  readonly owner: Address
}

interface CommittedClaims {
  readonly number: bigint
  readonly stateRoot: Hex
  readonly lastBlockHash: Hex
  readonly messagesRoot: Hex
  readonly stateDiff: Hex
}

/** A private copy of L1, with an account for each attacker: transactions to it reach nobody else. */
export class Sandbox {
  readonly client: PublicClient
  readonly #fork: L1Fork
  readonly #rollup: Address
  readonly #sequencer: Address
  readonly #owner: Address

  private constructor(fork: L1Fork, { rollup, sequencer, owner }: Parties) {
    this.#fork = fork
    this.#rollup = rollup
    this.#sequencer = sequencer
    this.#owner = owner
    this.client = createL1Client(fork)
  }

  /** `chainId` is the one that contracts see. */
  static async open({
    url,
    originalChainId,
    chainId = originalChainId,
    rollup,
    verifier,
    sequencer,
    owner,
  }: Parties & {
    readonly url: string
    readonly originalChainId: number
    readonly chainId?: number
    readonly verifier: Address
  }): Promise<Sandbox> {
    const fork = await forkL1({ url, originalChainId, chainId })
    const sandbox = new Sandbox(fork, { rollup, sequencer, owner })
    for (const account of [stranger, sequencer, owner]) {
      await fork.request({ method: 'hardhat_impersonateAccount', params: [account] })
      await fork.request({ method: 'hardhat_setBalance', params: [account, '0x3635c9adc5dea00000'] })
    }
    const code = await sandbox.client.getCode({ address: verifier })
    await fork.request({ method: 'hardhat_setCode', params: [freshVerifier, code ?? '0x'] })
    return sandbox
  }

  /** What the rollup's batch counters are set to: as L1 was when `lastBatch` was its last batch, but for facts and old hashes. */
  async rewind(lastBatch: bigint): Promise<void> {
    const value = await this.#counters()
    const rewound = (value & 0xffn) | ([8n, 72n, 136n] as const).reduce((word, shift) => word | (lastBatch << shift), 0n)
    const slot = `0x${countersSlot.toString(16)}`
    await this.#fork.request({
      method: 'hardhat_setStorageAt',
      params: [this.#rollup, slot, `0x${rewound.toString(16).padStart(64, '0')}`],
    })
  }

  /** The state as it is now comes back after `attempt`. */
  async undoing<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const snapshot = await this.#fork.request({ method: 'evm_snapshot' })
    try {
      return await attempt()
    } finally {
      await this.#fork.request({ method: 'evm_revert', params: [snapshot] })
    }
  }

  async passTime(seconds: bigint): Promise<void> {
    await this.#fork.request({ method: 'evm_increaseTime', params: [Number(seconds)] })
    // Calls run in the newest block.
    await this.#fork.request({ method: 'evm_mine' })
  }

  /** A transaction to the rollup by its owner, who alone may announce upgrades. */
  byOwner(functionName: 'scheduleUpgrade' | 'cancelUpgrade', args: readonly unknown[] = []): Promise<Answer> {
    return this.#send(this.#owner, this.#rollup, encodeFunctionData({ abi: rollupAbi as Abi, functionName, args }))
  }

  /** A transaction to the rollup by the sequencer, who alone may commit. */
  bySequencer(functionName: 'commitBatches' | 'scheduleUpgrade', args: readonly unknown[]): Promise<Answer> {
    return this.#send(this.#sequencer, this.#rollup, encodeFunctionData({ abi: rollupAbi as Abi, functionName, args }))
  }

  /** A transaction to the rollup by anybody. */
  toRollup(functionName: RollupFunction, args: readonly unknown[] = []): Promise<Answer> {
    return this.#send(stranger, this.#rollup, encodeFunctionData({ abi: rollupAbi as Abi, functionName, args }))
  }

  /** A transaction to the verifier that knows nothing yet, by anybody. */
  toVerifier(functionName: 'begin' | 'resume' | 'register', args: readonly unknown[]): Promise<Answer> {
    return this.#send(stranger, freshVerifier, encodeFunctionData({ abi: machineVerifierAbi as Abi, functionName, args }))
  }

  /** The batch as the rollup keeps it once it is committed: what it was, but for what the sequencer claimed and what follows from that. */
  async storedBatch<Stored extends object>(previous: object, claimed: CommittedClaims, original: Stored): Promise<Stored> {
    const { stateRoot, lastBlockHash, messagesRoot, stateDiff } = claimed
    const digest = await this.client.readContract({
      address: this.#rollup,
      abi: rollupAbi as Abi,
      functionName: 'digestOf',
      args: [previous, claimed],
    })
    return { ...original, stateRoot, lastBlockHash, messagesRoot, stateDiffHash: keccak256(stateDiff), digest }
  }

  async close(): Promise<void> {
    await this.#fork.close()
  }

  async #counters(): Promise<bigint> {
    const { client } = this
    const value = BigInt((await client.getStorageAt({ address: this.#rollup, slot: `0x${countersSlot.toString(16)}` })) ?? '0x0')
    const read = (functionName: 'lastCommittedBatch' | 'lastProvenBatch' | 'lastExecutedBatch') =>
      client.readContract({ address: this.#rollup, abi: rollupAbi, functionName })
    const [committed, proven, executed] = [await read('lastCommittedBatch'), await read('lastProvenBatch'), await read('lastExecutedBatch')]
    const expected = (committed << 8n) | (proven << 72n) | (executed << 136n)
    if (value >> 8n !== expected >> 8n) throw new RangeError('the rollup keeps its batch counters elsewhere')
    return value
  }

  async #send(from: Address, to: Address, data: Hex): Promise<Answer> {
    const transaction = { from, to, data, gas: transactionGas }
    try {
      // As a call first: a transaction's receipt does not say why it failed.
      await this.#fork.request({ method: 'eth_call', params: [transaction, 'latest'] })
    } catch (error) {
      return { isAccepted: false, text: reasonOf(error) }
    }
    const hash = (await this.#fork.request({ method: 'eth_sendTransaction', params: [transaction] })) as Hex
    const { status } = await this.client.waitForTransactionReceipt({ hash })
    return status === 'success' ? { isAccepted: true, text: 'accepted' } : { isAccepted: false, text: 'the transaction failed' }
  }
}

/** `_paused` and the three counters share a word (contracts/src/l1/Rollup.sol). */
const countersSlot = 6

function reasonOf(error: unknown): string {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined
  if (typeof data === 'string' && data.startsWith('0x')) {
    for (const abi of abis) {
      try {
        const { errorName, args = [] } = decodeErrorResult({ abi, data: data as Hex })
        return `${errorName}(${args.map(shorten).join(', ')})`
      } catch {
        // Another contract's error.
      }
    }
    return `reverted with ${shorten(data)}`
  }
  return error instanceof Error ? error.message : String(error)
}

function shorten(value: unknown): string {
  const text = String(value)
  return text.length > 14 ? `${text.slice(0, 10)}…` : text
}
