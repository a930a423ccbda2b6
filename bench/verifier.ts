// What the verification of a run costs on L1, transaction by transaction, as JSON. `floor` is what EIP-7623 charges for the bytes at least,
// `execution` what the contracts take besides 16 gas per byte.
//   node bench/verifier.ts --program sorting --segment-log-height 20 > verifier.json
//   node bench/verifier.ts --transfers 10 > verifier.json        of a batch with so many token transfers
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { machineVerifierAbi, machineVerifierBytecode, sessionCalls, transactionLimits } from '../contracts/index.ts'
import { createL1 } from '../contracts/test/l1-fixture.ts'
import { deployVerifier } from '../contracts/testing/stark-fixture.ts'
import { type ExampleName, exampleNames, readExample } from '../guest/examples/programs.ts'
import { guestProgram } from '../guest/index.ts'
import { loadProgram } from '../zkvm/isa/elf.ts'
import { createProgramKey } from '../zkvm/prover/program-key.ts'
import { proveProgram } from '../zkvm/prover/prove-program.ts'
import { decodeHeaders } from '../zkvm/stark/proof-codec.ts'
import { ProverWorkers } from '../zkvm/stark/prover/workers.ts'
import { cutSession } from '../zkvm/stark/session.ts'
import { machineAir } from '../zkvm/tables/machine/machine-air.ts'
import { encodePublicValues } from '../zkvm/tables/public-values.ts'
import { GuestChain } from './guest-chain.ts'

interface ProgramRun {
  readonly name: string
  readonly elf: Uint8Array
  readonly input: Uint8Array
}

interface MeasuredTransaction {
  readonly kind: string
  readonly segment: number
  readonly bytes: number
  readonly gas: number
  readonly floor: number
  readonly execution: number
}

const { values } = parseArgs({
  options: {
    program: { type: 'string', default: 'sorting' },
    numbers: { type: 'string', default: '100' },
    transfers: { type: 'string' },
    'segment-log-height': { type: 'string', default: '20' },
  },
})

function exampleRun(): ProgramRun {
  const name = exampleNames.find((known): known is ExampleName => known === values.program)
  if (name === undefined) throw new RangeError(`--program ${values.program} is none of ${exampleNames.join(', ')}`)
  const numbers = Int32Array.from({ length: Number(values.numbers) }, (_, index) => ((index * 7919) % 1009) - 500)
  return { name, elf: readExample(name), input: new Uint8Array(numbers.buffer) }
}

async function batchRun(transfers: number): Promise<ProgramRun> {
  const chain = await GuestChain.create()
  const input = await chain.batch([chain.tokenTransfers(transfers)])
  return { name: `batch of ${transfers} token transfers`, elf: guestProgram().elf, input }
}

const { name, elf, input } = values.transfers === undefined ? exampleRun() : await batchRun(Number(values.transfers))
const run = await proveProgram({ elf, input, segmentLogHeight: Number(values['segment-log-height']) })
const headers = decodeHeaders(run.proof, machineAir)
const logHeights = [...new Set(headers.map((header) => Math.max(...header.logHeights)))]
const workers = new ProverWorkers({ threads: 0 })
const { provingKey } = await createProgramKey({ program: loadProgram(elf), workers, logHeights })
await workers.close()
const key = provingKey.verifyingKey

const l1 = await createL1()
const verifier = await deployVerifier(l1, key, { abi: machineVerifierAbi, bytecode: machineVerifierBytecode })
const publicValues = encodePublicValues(run.publicValues)
const session = cutSession({ key, publicValues, bytes: run.proof, maxBytes: transactionLimits.bytes - 200 })
const transactions: MeasuredTransaction[] = []
for (const { kind, segment, data } of sessionCalls(session)) {
  const bytes = Buffer.from(data.slice(2), 'hex')
  const zeros = bytes.filter((byte) => byte === 0).length
  const tokens = 4 * bytes.length - 3 * zeros
  const gas = Number((await verifier.send(data)).gasUsed)
  transactions.push({ kind, segment, bytes: bytes.length, gas, floor: 21_000 + 10 * tokens, execution: gas - 21_000 - 4 * tokens })
}
const total = (of: 'bytes' | 'gas' | 'floor' | 'execution'): number => transactions.reduce((sum, transaction) => sum + transaction[of], 0)
const result = {
  program: name,
  cycles: run.cycles,
  segments: run.segments,
  logHeights,
  proofBytes: run.proof.length,
  transactions,
  total: { bytes: total('bytes'), gas: total('gas'), floor: total('floor'), execution: total('execution') },
  loadAverage: loadavg()[0],
}
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
process.exit(0)
