// Whether the worst block fits into the guest: as many codes of 24 kB as a transaction of 2^24 gas can call cold, each of which jumps, and
// TSTORE with the rest of the block's gas. Prints JSON: the input, its bound, the heap's high-water mark.
//   node --max-old-space-size=8000 bench/guest-largest-block.ts [--calls 6200]
import { parseArgs } from 'node:util'
import { bigintToBytes, encodeProverInput, type Hex, InboxTree, rules } from '../core/index.ts'
import { guestProgram, guestStatusOf } from '../guest/index.ts'
import { collectWitness, encodeHeader } from '../stf/index.ts'
import { DevChain, signTransaction, testAccounts } from '../stf/testing/dev-chain.ts'
import { addressMap, loadProgram, Machine } from '../zkvm/index.ts'

const { values } = parseArgs({ options: { calls: { type: 'string', default: '6200' } } })
const calls = Number(values.calls)
const codeBytes = 24_576
const maxTransactionGas = 2n ** 24n
const maxCycles = 2 ** 37

const toAddress = (value: bigint): Hex => `0x${value.toString(16).padStart(40, '0')}`
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const first = 0x10_000_000n
const [caller, storer] = [toAddress(0xca11e4n), toAddress(0x5704en)]

/** Jumps, so that the guest keeps its jump targets, and stops; then what makes the code another one. */
const callee = (index: number): Uint8Array => {
  const code = new Uint8Array(codeBytes).fill(0x5b)
  code.set(hex('6003 56 5b 00'))
  code.set(bigintToBytes(BigInt(index), 8), codeBytes - 8)
  return code
}
// for (i = 0; i < calls; i++) call(100 gas, first + i)
const callEach = hex(
  `5f 5b 5f5f5f5f5f 85 63${first.toString(16)} 01 6064 f1 50 6001 01 80 61${calls.toString(16).padStart(4, '0')} 11 6001 57 00`,
)
// while (gas > 1000) tstore(gas, gas)
const storeEach = hex('5b 5a5a5d 5a5a5d 5a5a5d 5a5a5d 6103e8 5a 11 5f 57 00')

const contracts = Array.from({ length: calls }, (_, index) => ({ address: toAddress(first + BigInt(index)), code: callee(index) }))
const chain = await DevChain.create([...contracts, { address: caller, code: callEach }, { address: storer, code: storeEach }])
const [alice, bob] = testAccounts
if (alice === undefined || bob === undefined) throw new Error('there are test accounts')
const parent = chain.head
const stateRootBefore = chain.state.root
const execution = await chain.begin({ inboxRoot: new InboxTree().root() })
const gasOf = async (from: typeof alice, to: Hex, gasLimit: bigint): Promise<bigint> => {
  const { gasUsed, succeeded } = await execution.addTransaction(signTransaction({ from, nonce: 0n, to, gasLimit }))
  if (!succeeded) throw new Error(`the transaction to ${to} fails`)
  return gasUsed
}
const gas = [await gasOf(alice, caller, maxTransactionGas)]
const rest = rules.blockGasLimit - (gas[0] ?? 0n)
gas.push(await gasOf(bob, storer, rest < maxTransactionGas ? rest : maxTransactionGas))
const block = await chain.seal(execution)
const witness = collectWitness({ stateRootBefore, blocks: [block.commit], store: chain.store })
const input = encodeProverInput({
  ...{ l1ChainId: 31_337n, rollup: toAddress(1n), l2ChainId: 313_372n, rulesVersion: rules.version, batchNumber: 1n },
  ...{
    stateRootBefore,
    inboxCountBefore: 0n,
    parentHeader: encodeHeader(parent),
    blocks: [block.rlp],
    ...witness,
    frontier: [],
    items: [],
  },
})
const machine = new Machine({ program: loadProgram(guestProgram().elf), input: input })
machine.run(maxCycles)
let top = addressMap.inputStart >>> 2
while (machine.memory.words[top - 1] === 0) top--
const status = machine.exitCode === undefined ? 'still runs' : guestStatusOf(machine.exitCode)?.name
console.info(
  JSON.stringify(
    {
      ...{ bench: 'guest-largest-block', status, gas: gas.map(Number), inputBytes: input.length },
      ...{ inputBound: block.commit.witnessBytes + block.rlp.length, inputLimit: rules.maxInputBytes, cycles: machine.cycles },
      // The frames' quarter stands before what is taken for good.
      ...{ heapTop: 4 * top - addressMap.stackTop, heapSize: addressMap.imageEnd - addressMap.stackTop },
    },
    undefined,
    2,
  ),
)
