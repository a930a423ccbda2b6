import { createRequire } from 'node:module'
import { createTx } from '@ethereumjs/tx'
import { createAddressFromPrivateKey } from '@ethereumjs/util'
import { predeployedContracts } from '../contracts/index.ts'
import { bigintToBytes, bytesToHex, type Hex, hexToBytes, keccak256 } from '../core/index.ts'
import {
  BlockExecution,
  createGenesis,
  createL2Common,
  emptyTrieRoot,
  hashToKey,
  NodeCache,
  type StateCommit,
  StateStore,
  Trie,
  WorldState,
} from '../stf/index.ts'

// Sealing without storage: one ERC-20 transfer per block, as automine does it, and the trie alone. Prints JSON.

const common = createL2Common(313372n)
const gwei = 10n ** 9n

class MemoryStore {
  readonly nodes = new Map<string, Uint8Array>()
  readonly codes = new Map<string, Uint8Array>()
  node(hash: Uint8Array): Uint8Array | undefined {
    return this.nodes.get(hashToKey(hash))
  }
  code(hash: Uint8Array): Uint8Array | undefined {
    return this.codes.get(bytesToHex(hash))
  }
  add({ newNodes, newCodes }: StateCommit): void {
    for (const { key, rlp } of newNodes) this.nodes.set(key, rlp)
    for (const { hash, code } of newCodes) this.codes.set(bytesToHex(hash), code)
  }
}

function compileToken(): Hex {
  const require = createRequire(import.meta.url)
  const solc: { compile(input: string, callbacks: unknown): string } = require('solc')
  const { readFileSync } = require('node:fs')
  const source = `pragma solidity ^0.8.20; import "@openzeppelin/contracts/token/ERC20/ERC20.sol";
    contract Token is ERC20("T", "T") { constructor() { _mint(msg.sender, 1e30); } function mint(address a) external { _mint(a, 1e24); } }`
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { 'T.sol': { content: source } },
        settings: {
          optimizer: { enabled: true, runs: 10_000 },
          evmVersion: 'osaka',
          outputSelection: { '*': { Token: ['evm.bytecode.object'] } },
        },
      }),
      { import: (path: string) => ({ contents: readFileSync(new URL(`../node_modules/${path}`, import.meta.url), 'utf8') }) },
    ),
  )
  return `0x${output.contracts['T.sol'].Token.evm.bytecode.object}`
}

const keys = Array.from({ length: 50 }, (_, i) => bigintToBytes(BigInt(i + 1), 32))
const senders = keys.map((key) => bytesToHex(createAddressFromPrivateKey(key).bytes))
const nonces = new Map<number, bigint>()

function sign(sender: number, fields: { to?: Hex; data: Hex; gasLimit?: bigint }): Uint8Array {
  const nonce = nonces.get(sender) ?? 0n
  nonces.set(sender, nonce + 1n)
  return createTx(
    {
      type: 2,
      nonce,
      chainId: common.chainId(),
      maxFeePerGas: 100n * gwei,
      maxPriorityFeePerGas: gwei,
      gasLimit: 100_000n,
      ...fields,
    },
    { common },
  )
    .sign(keys[sender] ?? new Uint8Array(32))
    .serialize()
}

const argument = (value: bigint | Hex): string => BigInt(value).toString(16).padStart(64, '0')

async function benchBlocks(blocks: number): Promise<Record<string, number>> {
  const store = new MemoryStore()
  const genesis = await createGenesis({
    timestamp: 1n,
    accounts: senders.map((address) => ({ address, balance: 10n ** 24n })),
    predeploys: predeployedContracts.map(({ address, code }) => ({ address, code: hexToBytes(code) })),
    inboxRoot: bytesToHex(new Uint8Array(32)),
  })
  store.add(genesis.commit)
  const state = WorldState.at(genesis.commit.stateRoot, new StateStore({}, store))
  let parent = genesis.block.header
  let nodes = 0
  const mine = async (raw: readonly Uint8Array[]) => {
    const execution = await BlockExecution.begin({
      common,
      state,
      parent,
      timestamp: parent.timestamp + 1n,
      coinbase: '0xc01bba5e00000000000000000000000000000000',
      prevRandao: bytesToHex(new Uint8Array(32)),
      extraData: '0x',
      deposits: [],
      inboxRoot: bytesToHex(new Uint8Array(32)),
    })
    const outcomes = []
    for (const transaction of raw) outcomes.push(await execution.addTransaction(transaction))
    const { block, commit } = await execution.seal()
    store.add(commit)
    nodes += commit.newNodes.length
    parent = block.header
    return outcomes
  }
  const [deployment] = await mine([sign(0, { data: compileToken(), gasLimit: 3_000_000n })])
  const token = deployment?.createdAddress
  if (token === null || token === undefined) throw new Error('the token was not deployed')
  for (const [i, address] of senders.entries()) await mine([sign(i, { to: token, data: `0x6a627842${argument(address)}` })])
  const transfer = (i: number) =>
    sign(i % 50, { to: token, data: `0xa9059cbb${argument(bytesToHex(keccak256(bigintToBytes(BigInt(i), 32)).slice(12)))}${argument(1n)}` })
  for (let i = 0; i < 500; i++) await mine([transfer(i)])
  const signed = Array.from({ length: blocks }, (_, i) => transfer(1000 + i))
  nodes = 0
  const start = performance.now()
  for (const raw of signed) {
    const [outcome] = await mine([raw])
    if (!outcome?.succeeded) throw new Error('a transfer failed')
  }
  const seconds = (performance.now() - start) / 1000
  return { blocks, blocksPerSecond: Math.round(blocks / seconds), newNodesPerBlock: Math.round((nodes / blocks) * 10) / 10 }
}

function benchTrie(leaves: number): Record<string, number> {
  const store = new MemoryStore()
  const cache = new NodeCache({ maxBytes: 256 * 2 ** 20 }, store)
  const keyOf = (i: number) => keccak256(bigintToBytes(BigInt(i), 32))
  const value = (i: number) => bigintToBytes(BigInt(i) + 10n ** 60n, 70)
  let root = emptyTrieRoot
  const update = (from: number, count: number, stride: number, salt: number): number => {
    const keys = Array.from({ length: count }, (_, i) => keyOf((from + i * stride) % leaves))
    const start = performance.now()
    const trie = new Trie(cache, root)
    for (const [i, key] of keys.entries()) trie.put(key, value(i + salt))
    const { root: next, nodes } = trie.commit()
    const elapsed = performance.now() - start
    for (const { key, rlp } of nodes) store.nodes.set(key, rlp)
    root = next
    return (elapsed * 1000) / count
  }
  update(0, leaves, 1, 0)
  for (let i = 0; i < 20; i++) update(i, 1000, 37, i)
  const batched = Array.from({ length: 20 }, (_, i) => update(i * 7, 1000, 41, 100 + i))
  const single = Array.from({ length: 2000 }, (_, i) => update(i * 13, 1, 1, 200 + i))
  const mean = (values: number[]) => Math.round((values.reduce((a, b) => a + b, 0) / values.length) * 10) / 10
  return { leaves, usPerKeyIn1000: mean(batched), usPerKeyAlone: mean(single) }
}

process.stdout.write(`${JSON.stringify({ trie: benchTrie(50_000), erc20: await benchBlocks(5000) })}\n`)
