import { readFileSync } from 'node:fs'
import { parseEther } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes, keccak256Hex } from '../../../core/index.ts'
import { readExample } from '../../../guest/examples/programs.ts'
import { loadProgram } from '../../../zkvm/isa/elf.ts'
import { describeProgram, programIdOf } from '../../../zkvm/prover/program-id.ts'
import { createProgramKey } from '../../../zkvm/prover/program-key.ts'
import { proveProgram } from '../../../zkvm/prover/prove-program.ts'
import { encodeAir } from '../../../zkvm/stark/air-code.ts'
import { defaultParameters, type StarkParameters } from '../../../zkvm/stark/parameters.ts'
import { decodeHeaders, decodeProof } from '../../../zkvm/stark/proof-codec.ts'
import { ProverWorkers } from '../../../zkvm/stark/prover/workers.ts'
import { cutSession, type StarkSession } from '../../../zkvm/stark/session.ts'
import type { VerifyingKey } from '../../../zkvm/stark/verifying-key.ts'
import { machineAir } from '../../../zkvm/tables/machine/machine-air.ts'
import { encodePublicValues, type PublicValues } from '../../../zkvm/tables/public-values.ts'
import { machineAirCode } from '../../airs/machine-air-code.ts'
import { digitGateAbi, digitGateBytecode } from '../../generated/examples/DigitGate.ts'
import { machineVerifierAbi, machineVerifierBytecode } from '../../generated/MachineVerifier.ts'
import { segmentVerifierAbi, segmentVerifierBytecode } from '../../generated/SegmentVerifier.ts'
import { sessionCalls, transactionLimits } from '../../stark-session.ts'
import { mutate, SeededRandom } from '../../testing/proof-mutations.ts'
import { type DeployedVerifier, deployVerifier, verdictOfTypeScript } from '../../testing/stark-fixture.ts'
import { accounts, createL1, type L1 } from '../l1-fixture.ts'

/** The same steps with fewer queries and less work than a proof that anybody should believe. */
const quick: StarkParameters = { ...defaultParameters, logBlowup: 1, queries: 6, grindingBits: 2 }

// `npm run fuzz:verifier -- --full` asks for more.
const mutations = Number(process.env.ZKDEVNET_FUZZ_COUNT ?? 4)
const seed = process.env.ZKDEVNET_FUZZ_SEED ?? 'mutated runs'

interface ProvenExample {
  readonly key: VerifyingKey
  readonly programId: Hex
  readonly publicValues: PublicValues
  readonly proof: Uint8Array
}

/** A picture of a seven, read by the neural network of guest/examples. */
async function proveDigits({
  parameters,
  segmentLogHeight,
}: {
  parameters: StarkParameters
  segmentLogHeight: number
}): Promise<ProvenExample> {
  const elf = readExample('digits')
  const input = readFileSync(new URL('../../../guest/examples/seven.txt', import.meta.url))
  const { publicValues, proof } = await proveProgram({ elf, input, parameters, segmentLogHeight })
  const workers = new ProverWorkers({ threads: 0 })
  try {
    const logHeights = [...new Set(decodeHeaders(proof, machineAir).map((header) => Math.max(...header.logHeights)))]
    const { provingKey } = await createProgramKey({ program: loadProgram(elf), parameters, workers, logHeights })
    const key = provingKey.verifyingKey
    return { key, programId: programIdOf(describeProgram(publicValues.entry, key), parameters), publicValues, proof }
  } finally {
    await workers.close()
  }
}

const deploy = (l1: L1, key: VerifyingKey): Promise<DeployedVerifier> =>
  deployVerifier(l1, key, { abi: machineVerifierAbi, bytecode: machineVerifierBytecode })

function cut({ key, publicValues, proof }: ProvenExample): StarkSession {
  const maxBytes = transactionLimits.bytes - transactionOverhead
  return cutSession({ key, publicValues: encodePublicValues(publicValues), bytes: proof, maxBytes })
}

/** A signed transaction has at most so many bytes besides its data. */
const transactionOverhead = 200

/** The digits that were read, and the network that read them. */
const outputOf = ({ publicValues: { output } }: ProvenExample): Uint8Array => output ?? new Uint8Array(32)

function isProven(l1: L1, { address }: DeployedVerifier, programId: Hex, output: Uint8Array): Promise<boolean> {
  const args = [programId, bytesToHex(output)] as const
  return l1.client.readContract({ address, abi: machineVerifierAbi, functionName: 'isProven', args })
}

it('is deployed with the AIR that proofs are of, in contracts that fit into 24,576 bytes', async () => {
  const l1 = await createL1()
  const key: VerifyingKey = { air: machineAir, parameters: defaultParameters, fixedLogHeights: [], fixedRoots: new Map() }
  const { address } = await deploy(l1, key)
  const segmentVerifier = await l1.client.readContract({ address, abi: machineVerifierAbi, functionName: 'segmentVerifier' })
  const airDigest = await l1.client.readContract({ address: segmentVerifier, abi: segmentVerifierAbi, functionName: 'airDigest' })
  expect(airDigest).toBe(keccak256Hex(encodeAir(machineAir)))
  expect(machineAirCode).toBe(bytesToHex(encodeAir(machineAir)))
  for (const creation of [machineVerifierBytecode, segmentVerifierBytecode]) expect(creation.length / 2 - 1).toBeLessThanOrEqual(49_152) // EIP-3860
  for (const contract of [address, segmentVerifier]) {
    const code = (await l1.client.getCode({ address: contract })) ?? '0x'
    expect(code.length / 2 - 1).toBeGreaterThan(1000)
    expect(code.length / 2 - 1).toBeLessThanOrEqual(24_576) // EIP-170
  }
})

describe('a run of a program', () => {
  let l1: L1
  let example: ProvenExample
  let session: StarkSession
  let calls: readonly Hex[]
  beforeAll(async () => {
    l1 = await createL1()
    example = await proveDigits({ parameters: quick, segmentLogHeight: 12 })
    session = cut(example)
    calls = sessionCalls(session).map(({ data }) => data)
  }, 180_000)

  it('in several segments becomes a fact of its program and its output', async () => {
    const verifier = await deploy(l1, example.key)
    expect(decodeHeaders(example.proof, machineAir).length).toBeGreaterThan(1)
    for (const data of calls) await verifier.send(data)
    const output = outputOf(example)
    expect(output[0]).toBe(7)
    expect(await isProven(l1, verifier, example.programId, output)).toBe(true)
    expect(await isProven(l1, verifier, example.programId, output.with(0, 8))).toBe(false)
    expect(await isProven(l1, verifier, `0x${'12'.repeat(32)}`, output)).toBe(false)
  })

  it('opens the gate that waits for what the network reads', async () => {
    const verifier = await deploy(l1, example.key)
    const output = outputOf(example)
    const network = bytesToHex(output.subarray(1))
    const gate = (digit: number): Promise<Hex> =>
      l1.deploy(digitGateAbi, digitGateBytecode, [verifier.address, example.programId, network, digit], parseEther('1'))
    const [seven, eight] = [await gate(7), await gate(8)]
    const open = (address: Hex) => ({ from: accounts.user.address, address, abi: digitGateAbi, functionName: 'open' })
    await l1.expectRevert(open(seven), 'DigitGate__NotProven', [7])
    for (const data of calls) await verifier.send(data)
    await l1.expectRevert(open(eight), 'DigitGate__NotProven', [8])
    const before = await l1.client.getBalance({ address: accounts.user.address })
    const { gasUsed, effectiveGasPrice } = await l1.send(open(seven))
    const after = await l1.client.getBalance({ address: accounts.user.address })
    expect(after - before).toBe(parseEther('1') - gasUsed * effectiveGasPrice)
    await l1.expectRevert(open(seven), 'DigitGate__AlreadyOpen')
  })

  it.each<[string, string, (values: readonly bigint[]) => readonly bigint[]]>([
    ['another exit code', 'constraints', (values) => values.with(1, 1n)],
    ['another entry', 'constraints', (values) => values.with(0, 0n)],
    ['another output', 'constraints', (values) => values.with(3, 1n)],
    ['no output', 'public-values', (values) => values.with(2, 0n)],
    ['an output that is neither there nor not', 'public-values', (values) => values.with(2, 2n)],
    ['a word of more than 32 bits', 'public-values', (values) => values.with(10, 2n ** 32n)],
    ['a value too few', 'public-values', (values) => values.slice(0, -1)],
    ['a value too many', 'public-values', (values) => [...values, 0n]],
  ])('is refused with %s: %s', async (_, verdict, change) => {
    const verifier = await deploy(l1, example.key)
    const words = change(encodePublicValues(example.publicValues)).flatMap((value) => [
      ...Buffer.from(value.toString(16).padStart(16, '0'), 'hex'),
    ])
    const statement = { key: session.statement.key, publicValues: Uint8Array.from(words) }
    const [call] = sessionCalls({ ...session, statement })
    expect(await verifier.verdictOf(call?.data ?? '0x')).toBe(verdict)
  })

  it('that failed is a fact, but proves nothing', async () => {
    const { address } = await deploy(l1, example.key)
    const digestOf = (exitCode: number, hasOutput: boolean) =>
      l1.client.readContract({
        address,
        abi: machineVerifierAbi,
        functionName: 'publicDigestOf',
        args: [exitCode, hasOutput, bytesToHex(outputOf(example))],
      })
    expect(new Set([await digestOf(0, true), await digestOf(1, true), await digestOf(0, false)]).size).toBe(3)
  })
})

describe('a run at full parameters', () => {
  let l1: L1
  let example: ProvenExample
  let verifier: DeployedVerifier
  beforeAll(async () => {
    l1 = await createL1()
    example = await proveDigits({ parameters: defaultParameters, segmentLogHeight: defaultParameters.maxLogHeight - 1 })
    verifier = await deploy(l1, example.key)
  }, 300_000)

  it('stays, each transaction, within what Ethereum lets one have, and all within 1.55 times what it charges for bytes alone', async () => {
    let floor = 0
    let gas = 0
    for (const { data } of sessionCalls(cut(example))) {
      const request = { type: 'eip1559', to: verifier.address, data, gas: transactionLimits.gas, chainId: 31_337, nonce: 0 } as const
      const signed = await accounts.user.account.signTransaction({ ...request, maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 9n })
      expect(signed.length / 2 - 1).toBeLessThanOrEqual(131_072)
      // Sent with the gas limit of EIP-7825: this fails where a transaction needs more.
      const { gasUsed } = await verifier.send(data)
      expect(gasUsed).toBeLessThanOrEqual(16_777_216n)
      // EIP-7623
      const bytes = hexToBytes(data)
      floor += 21_000 + 40 * bytes.length - 30 * bytes.filter((byte) => byte === 0).length
      gas += Number(gasUsed)
    }
    // Measured: 1.50. The aim is 1, which is execution paid for by the bytes.
    expect(gas / floor).toBeLessThan(1.55)
    expect(await isProven(l1, verifier, example.programId, outputOf(example))).toBe(true)
  }, 120_000)

  it(
    `is refused for the same reason by both verifiers, for ${mutations} mutations`,
    async () => {
      const { key, proof } = example
      const decoded = decodeProof(proof, key)
      const publicValues = encodePublicValues(example.publicValues)
      const random = new SeededRandom(seed)
      for (let count = 0; count < mutations; count++) {
        const { name, bytes } = mutate(decoded, random)
        const candidate = { key, publicValues, bytes }
        const expected = verdictOfTypeScript(candidate)
        expect(expected, `mutation ${count}: ${name}`).not.toBe('accepted')
        expect((await verifier.judge(candidate)).verdict, `mutation ${count}: ${name}`).toBe(expected)
      }
    },
    120_000 + 20_000 * mutations,
  )
})
