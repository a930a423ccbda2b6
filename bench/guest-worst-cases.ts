// Cycles of the guest per gas, where they are most: each opcode and precompile in a loop that does little else. Prints a Markdown table.
//   node bench/guest-worst-cases.ts [--only NAME] [--memory]
// A row is the difference of two runs with different gas, so that what the transaction itself costs drops out. Weighted cycles count a
// system function by what it costs to prove (zkvm/isa/weights.ts). State is in memory: what the witness adds is not in here.
// With --memory: what a transaction of 2^24 gas leaves in the heap, its commit included.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { computeAddress, SigningKey, Transaction } from 'ethers'
import { bigintToBytes, concatBytes, type Hex, hexToBytes } from '../core/index.ts'
import { buildMachineDriver } from '../guest/build.ts'
import { encodeStateCases, type StateCase } from '../guest/test/evm-state.ts'
import { runProgram, weightedCycles } from '../zkvm/index.ts'
import { type WorstCase, worstCases } from './worst-case-programs.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, memory: { type: 'boolean', default: false } } })
const elf = readFileSync(buildMachineDriver('evm-state'))
const maxCycles = 30_000_000_000
const loopBytes = 160

const key = new SigningKey(`0x${'45'.repeat(32)}`)
const sender = bigintToBytes(BigInt(computeAddress(key.publicKey)), 20)
const program = bigintToBytes(0xc0de01n, 20)

/** The setup, then the body over and over, until there is too little gas for another pass; the transaction succeeds. */
function loop({ setup = new Uint8Array(0), body, gas }: WorstCase): Uint8Array {
  const start = setup.length
  const passGas = gas === undefined ? 250_000 : 500_000
  let code = concatBytes(setup, Uint8Array.of(0x5b))
  do code = concatBytes(code, body(code.length))
  while (code.length < start + (gas === undefined ? loopBytes : 1))
  const limit = [0x62, passGas >> 16, (passGas >> 8) & 255, passGas & 255]
  return concatBytes(code, Uint8Array.from([...limit, 0x5a, 0x11, 0x61, start >> 8, start & 255, 0x57, 0x00]))
}

function caseOf(name: string, gas: bigint): StateCase {
  const worst = worstCases[name]
  if (worst === undefined) throw new RangeError(`there is no ${name}; there are ${Object.keys(worstCases).join(', ')}`)
  const transaction = Transaction.from({
    type: 0,
    chainId: 1n,
    nonce: 0,
    gasPrice: 7n,
    gasLimit: gas,
    to: `0x${Buffer.from(program).toString('hex')}`,
    data: `0x${Buffer.from(worst.data ?? []).toString('hex')}`,
  })
  transaction.signature = key.sign(transaction.unsignedHash)
  const account = (address: Uint8Array, code: Uint8Array, balance = 0n) => ({ address, nonce: 1n, balance, code, storage: [] })
  return {
    fork: 'Osaka',
    hasBlobs: false,
    block: {
      number: 1_000n,
      timestamp: 1_700_000_000n,
      gasLimit: 30_000_000n,
      chainId: 1n,
      coinbase: bigintToBytes(0xc01bn, 20),
      prevRandao: new Uint8Array(32),
      baseFee: 7n,
      excessBlobGas: 0n,
    },
    accounts: [
      { ...account(sender, new Uint8Array(0), 10n ** 20n), nonce: 0n },
      account(program, loop(worst), 10n ** 18n),
      ...(worst.callee === undefined ? [] : [account(bigintToBytes(0xca11n, 20), worst.callee)]),
    ],
    transaction: hexToBytes(transaction.serialized as Hex),
  }
}

interface Cost {
  readonly gas: number
  readonly cycles: number
  readonly weighted: number
  /** Bytes that are taken for good. */
  readonly heap: number
}

/** The driver's answer: status, detail, whether it succeeded, gas used, and more (guest/test/evm-state.c). */
const answer = / ?(\d+) \d+ ([01]) (\d+) 0x\w+ 0x\w+ (\d+)/

function run(name: string, gas: bigint): Cost {
  let log = ''
  const { exitCode, cycles, syscallCounts } = runProgram({
    elf,
    input: encodeStateCases([caseOf(name, gas)]),
    maxCycles,
    onLog: (bytes) => {
      log += Buffer.from(bytes).toString('latin1')
    },
  })
  const [, status, succeeded, gasUsed, heap] = answer.exec(log) ?? []
  if (exitCode !== 0 || status !== '0' || succeeded !== '1') throw new Error(`${name} ended with ${exitCode}: ${log}`)
  return { heap: Number(heap), gas: Number(gasUsed), cycles, weighted: weightedCycles({ cycles, callCounts: syscallCounts }) }
}

interface Row {
  readonly name: string
  readonly cycles: number
  readonly weighted: number
}

function measure(name: string): Row {
  const few = 1_000_000n
  const first = run(name, few)
  const second = run(name, few + BigInt(worstCases[name]?.gas ?? 400_000))
  const gas = second.gas - first.gas
  return { name, cycles: (second.cycles - first.cycles) / gas, weighted: (second.weighted - first.weighted) / gas }
}

const maxTransactionGas = 2n ** 24n
const minHeapPerGas = 0.05

/** Only what a batch could run out of. */
function printMemory(names: readonly string[]): void {
  console.info('| loop | heap of 2^24 gas | bytes per gas |\n| --- | ---: | ---: |')
  // Precompiles have the frames' memory only.
  const costs = names
    .filter((name) => !name.startsWith('0x'))
    .map((name) => ({ name, ...run(name, maxTransactionGas) }))
    .sort((a, b) => b.heap - a.heap)
  for (const { name, heap, gas } of costs)
    if (heap / gas >= minHeapPerGas) console.info(`| ${name} | ${(heap / 2 ** 20).toFixed(1)} MiB | ${(heap / gas).toFixed(2)} |`)
}

function printCycles(names: readonly string[]): void {
  const rows = names.map((name) => {
    const row = measure(name)
    console.error(row.name, row.cycles.toFixed(1), row.weighted.toFixed(1))
    return row
  })
  console.info('| loop | weighted cycles per gas | cycles per gas |\n| --- | ---: | ---: |')
  for (const { name, cycles, weighted } of rows.sort((a, b) => b.weighted - a.weighted))
    console.info(`| ${name} | ${weighted.toFixed(1)} | ${cycles.toFixed(1)} |`)
}

const names = Object.keys(worstCases).filter((name) => values.only === undefined || name.includes(values.only))
if (values.memory) printMemory(names)
else printCycles(names)
