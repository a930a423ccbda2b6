import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createTx } from '@ethereumjs/tx'
import { createAddressFromPrivateKey } from '@ethereumjs/util'
import { predeployedContracts } from '../contracts/index.ts'
import { bigintToBytes, bytesToHex, encodeProverInput, type Hex, hexToBytes, InboxTree, keccak256 } from '../core/index.ts'
import {
  BlockExecution,
  collectWitness,
  createGenesis,
  createL2Common,
  type ExecutedBlock,
  encodeHeader,
  StateStore,
  WorldState,
} from '../stf/index.ts'
import { MemoryStore } from '../stf/testing/memory-store.ts'

const chainId = 313_372n
const common = createL2Common(chainId)
const gwei = 10n ** 9n
const inboxRoot = new InboxTree().root()

/** Accounts with keys; as many again have none and only receive. */
const senderCount = 300
const keys = Array.from({ length: senderCount }, (_, index) => bigintToBytes(BigInt(index + 1), 32))
const senders = keys.map((key) => bytesToHex(createAddressFromPrivateKey(key).bytes))
const receivers = Array.from({ length: senderCount }, (_, index) => bytesToHex(keccak256(bigintToBytes(BigInt(index), 32)).slice(12)))

const word = (value: bigint | Hex): string => BigInt(value).toString(16).padStart(64, '0')

/** Creation code of OpenZeppelin's ERC-20, and of a contract that fills the memory that it is told to. */
function compileContracts(): { readonly token: Hex; readonly hungry: Hex } {
  const solc: { compile(input: string, callbacks: unknown): string } = createRequire(import.meta.url)('solc')
  const content = `pragma solidity ^0.8.20; import "@openzeppelin/contracts/token/ERC20/ERC20.sol";
    contract Token is ERC20("T", "T") { function mint(address to) external { _mint(to, 1e24); } }
    contract Hungry { function eat(uint256 words) external pure returns (bytes32) { uint256[] memory a = new uint256[](words); return keccak256(abi.encode(a)); } }`
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { 'T.sol': { content } },
        settings: {
          optimizer: { enabled: true, runs: 10_000 },
          evmVersion: 'osaka',
          outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
        },
      }),
      { import: (path: string) => ({ contents: readFileSync(new URL(`../node_modules/${path}`, import.meta.url), 'utf8') }) },
    ),
  )
  const codeOf = (name: string): Hex => `0x${output.contracts['T.sol'][name].evm.bytecode.object}`
  return { token: codeOf('Token'), hungry: codeOf('Hungry') }
}

interface Call {
  readonly to?: Hex
  readonly value?: bigint
  readonly data?: Hex
  readonly gasLimit?: bigint
}

/** A chain of the product's own state transition whose state is a few hundred accounts and a token that all of them hold. */
export class GuestChain {
  readonly #store = new MemoryStore()
  readonly #nonces = new Map<number, bigint>()
  #state: WorldState
  #head: ExecutedBlock
  #token: Hex = '0x'
  #hungry: Hex = '0x'

  private constructor(genesis: ExecutedBlock) {
    this.#store.add(genesis.commit)
    this.#head = genesis
    this.#state = WorldState.at(genesis.commit.stateRoot, new StateStore({}, this.#store))
  }

  static async create(): Promise<GuestChain> {
    const genesis = await createGenesis({
      timestamp: 1_700_000_000n,
      accounts: [...senders, ...receivers].map((address) => ({ address, balance: 10n ** 24n })),
      predeploys: predeployedContracts.map(({ address, code }) => ({ address, code: hexToBytes(code) })),
      inboxRoot,
    })
    const chain = new GuestChain(genesis)
    const { token, hungry } = compileContracts()
    const { outcomes } = await chain.#mine([chain.#sign(0, { data: token }), chain.#sign(0, { data: hungry })])
    chain.#token = outcomes[0]?.createdAddress ?? '0x'
    chain.#hungry = outcomes[1]?.createdAddress ?? '0x'
    for (let first = 0; first < senderCount; first += 100) {
      const holders = [...senders.slice(first, first + 100), ...receivers.slice(first, first + 100)]
      await chain.#mine(
        holders.map((holder) => chain.#sign(0, { to: chain.#token, data: `0x6a627842${word(holder)}`, gasLimit: 100_000n })),
      )
    }
    return chain
  }

  #sign(sender: number, call: Call): Uint8Array {
    const nonce = this.#nonces.get(sender) ?? 0n
    this.#nonces.set(sender, nonce + 1n)
    const fields = { type: 2, nonce, chainId, maxFeePerGas: 1000n * gwei, maxPriorityFeePerGas: gwei, gasLimit: 5_000_000n, ...call }
    return createTx(fields, { common })
      .sign(keys[sender] ?? new Uint8Array(32))
      .serialize()
  }

  async #mine(transactions: readonly Uint8Array[]) {
    const parent = this.#head.block.header
    const execution = await BlockExecution.begin({
      common,
      state: this.#state,
      parent,
      timestamp: parent.timestamp + 1n,
      coinbase: '0xc01bba5e00000000000000000000000000000000',
      prevRandao: `0x${'7a'.repeat(32)}`,
      extraData: '0x',
      deposits: [],
      inboxRoot,
    })
    const outcomes = []
    for (const transaction of transactions) outcomes.push(await execution.addTransaction(transaction))
    if (outcomes.some(({ succeeded }) => !succeeded)) throw new Error('a transaction of the bench failed')
    const block = await execution.seal()
    this.#store.add(block.commit)
    this.#head = block
    return { block, outcomes }
  }

  /** The prover's input for a batch of these blocks, which the chain goes on from. */
  async batch(blocks: readonly (readonly Uint8Array[])[]): Promise<Uint8Array> {
    const parent = this.#head
    const executed: ExecutedBlock[] = []
    for (const transactions of blocks) executed.push((await this.#mine(transactions)).block)
    const stateRootBefore = parent.commit.stateRoot
    const { nodes, codes } = collectWitness({ stateRootBefore, blocks: executed.map(({ commit }) => commit), store: this.#store })
    return encodeProverInput({
      l1ChainId: 31_337n,
      rollup: '0x4011000000000000000000000000000000004011',
      l2ChainId: chainId,
      rulesVersion: 1n,
      batchNumber: 1n,
      stateRootBefore,
      inboxCountBefore: 0n,
      parentHeader: encodeHeader(parent.block.header),
      blocks: executed.map(({ rlp }) => rlp),
      nodes,
      codes,
      frontier: [],
      items: [],
    })
  }

  /** Between accounts that exist; each has its own sender and receiver. */
  ethTransfers(count: number): Uint8Array[] {
    return Array.from({ length: count }, (_, index) => this.#sign(index, { to: receivers[index] ?? '0x', value: gwei, gasLimit: 21_000n }))
  }

  /** Between holders; each has its own sender and receiver. */
  tokenTransfers(count: number): Uint8Array[] {
    return Array.from({ length: count }, (_, index) => this.#tokenTransfer(index, receivers[index] ?? '0x'))
  }

  /** To accounts that hold no token yet. */
  tokenTransfersToNew(count: number): Uint8Array[] {
    const head = this.#head.block.header.number
    return Array.from({ length: count }, (_, index) => {
      const to = bytesToHex(keccak256(bigintToBytes((head << 32n) + BigInt(index) + 1_000n, 32)).slice(12))
      return this.#tokenTransfer(index, to)
    })
  }

  #tokenTransfer(sender: number, to: Hex): Uint8Array {
    return this.#sign(sender, { to: this.#token, data: `0xa9059cbb${word(to)}${word(1_000n)}`, gasLimit: 100_000n })
  }

  /** Contracts of so many bytes, a multiple of 32, each other bytes. */
  deployments(count: number, bytes = 10_240): Uint8Array[] {
    // PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
    const initCode = `61${bytes.toString(16).padStart(4, '0')}80600a5f395ff3`
    return Array.from({ length: count }, (_, index) => {
      const block = bytesToHex(keccak256(bigintToBytes(BigInt(index), 32))).slice(2)
      return this.#sign(index, { data: `0x${initCode}${block.repeat(bytes / 32).replace(/^ef/, 'fe')}`, gasLimit: 10_000_000n })
    })
  }

  /** Calls that each take so many words of memory twice. */
  hungryCalls(count: number, words: bigint): Uint8Array[] {
    const data: Hex = `0x85e0ebaf${word(words)}`
    return Array.from({ length: count }, (_, index) => this.#sign(index, { to: this.#hungry, data, gasLimit: 5_000_000n }))
  }
}
