import {
  type Abi,
  BaseError,
  decodeErrorResult,
  decodeFunctionResult,
  encodeFunctionData,
  type TransactionReceipt,
  zeroAddress,
} from 'viem'
import { bytesToHex, type Hex } from '../../core/index.ts'
import { encodeAir } from '../../zkvm/stark/air-code.ts'
import { InvalidProofError } from '../../zkvm/stark/errors.ts'
import { defaultParameters, type StarkParameters } from '../../zkvm/stark/parameters.ts'
import { decodeProof, encodeProof } from '../../zkvm/stark/proof-codec.ts'
import { prove, proveRun } from '../../zkvm/stark/prover/prove.ts'
import { ProvingKey } from '../../zkvm/stark/prover/proving-key.ts'
import type { ProverWorkers } from '../../zkvm/stark/prover/workers.ts'
import { encodeStatement } from '../../zkvm/stark/statement.ts'
import { chainAir, chainInstance } from '../../zkvm/stark/testing/chain-air.ts'
import { fibonacciAir, fibonacciInstance } from '../../zkvm/stark/testing/fibonacci-air.ts'
import { checkBalance, checkHeader, verifySegment } from '../../zkvm/stark/verifier.ts'
import type { VerifyingKey } from '../../zkvm/stark/verifying-key.ts'
import { segmentVerifierAbi, segmentVerifierBytecode } from '../generated/SegmentVerifier.ts'
import { fibonacciVerifierAbi, fibonacciVerifierBytecode } from '../generated/testing/stark/FibonacciVerifier.ts'
import { gasMeterAbi, gasMeterBytecode } from '../generated/testing/stark/GasMeter.ts'
import { dataCreationCodes } from '../stark-deployment.ts'
import { accounts, type L1 } from '../test/l1-fixture.ts'

/** What every test but the measurement uses: all steps of the protocol, with less work in each. */
export const quickParameters: StarkParameters = {
  ...defaultParameters,
  queries: 10,
  grindingBits: 4,
  maxLogFinalLength: 3,
  minLogHeight: 4,
}

export interface StarkProof {
  readonly key: VerifyingKey
  readonly publicValues: readonly bigint[]
  readonly bytes: Uint8Array
}

export interface FibonacciOptions {
  readonly logHeight: number
  readonly logRange: number
  readonly parameters?: StarkParameters
  /** Changes the trace before it is proven. */
  readonly forge?: (instance: ReturnType<typeof fibonacciInstance>) => void
}

export async function proveFibonacci(
  { logHeight, logRange, parameters = quickParameters, forge }: FibonacciOptions,
  workers: ProverWorkers,
): Promise<StarkProof> {
  const instance = fibonacciInstance({ logHeight, logRange })
  forge?.(instance)
  const logHeights = [Math.max(logHeight, logRange)]
  const key = await ProvingKey.create({ air: fibonacciAir, parameters, fixed: instance.fixed, logHeights, workers })
  const proof = await prove({ key, publicValues: instance.publicValues, traces: instance.traces, workers })
  return { key: key.verifyingKey, publicValues: instance.publicValues, bytes: encodeProof(proof) }
}

/** A run in segments of these heights. */
export async function proveChain(
  { logHeights, logRange, seed, lastNumber, parameters = quickParameters }: ChainOptions,
  workers: ProverWorkers,
): Promise<StarkProof> {
  const { fixed, traces, publicValues: own } = chainInstance({ logHeights, logRange, ...(seed !== undefined && { seed }) })
  const publicValues = lastNumber === undefined ? own : own.with(1, lastNumber)
  const key = await ProvingKey.create({ air: chainAir, parameters, fixed, logHeights: [], workers })
  const run = { count: traces.length, traces: (segment: number) => traces[segment] ?? [] }
  const proof = await proveRun({ key, publicValues, run, workers })
  return { key: key.verifyingKey, publicValues, bytes: encodeProof(proof) }
}

export interface ChainOptions {
  readonly logHeights: readonly number[]
  readonly logRange: number
  /** Changes numbers that the run does not depend on. */
  readonly seed?: number
  /** Claims that the run ends with this. */
  readonly lastNumber?: bigint
  readonly parameters?: StarkParameters
}

/** `accepted`, or the check that failed. */
export type Verdict = string

/** In the order of a session: what all segments send and receive comes last. */
export function verdictOfTypeScript({ key, publicValues, bytes }: StarkProof): Verdict {
  try {
    const { headers, segments } = decodeProof(bytes, key)
    const header = checkHeader(key, publicValues, headers)
    const verified = segments.map((segment, index) => verifySegment(header, index, segment))
    checkBalance(
      header,
      verified.map(({ sum }) => sum),
    )
    return 'accepted'
  } catch (error) {
    if (error instanceof InvalidProofError) return error.check
    throw error
  }
}

export interface DeployedVerifier {
  readonly address: Hex
  /** What `eth_call` of a call's data answers. */
  verdictOf(data: Hex): Promise<Verdict>
  /** Sends a call from anybody's account with the gas of a transaction; fails the test if it reverts. */
  send(data: Hex): Promise<TransactionReceipt>
  /** What the contract says of a proof of one segment that comes in one call, and the gas of each call without its calldata. */
  judge(proof: StarkProof): Promise<{ readonly verdict: Verdict; readonly gas: readonly bigint[] }>
}

/** A call may take what a transaction may (EIP-7825). */
const gas = 16_777_216n

/** Deploys a verifier of a key's AIR and parameters. */
export async function deployVerifier(
  l1: L1,
  key: VerifyingKey,
  { abi, bytecode }: { readonly abi: Abi; readonly bytecode: Hex } = { abi: fibonacciVerifierAbi, bytecode: fibonacciVerifierBytecode },
): Promise<DeployedVerifier> {
  const [first = '0x', second] = dataCreationCodes(encodeAir(key.air))
  const airParts = [await l1.deploy([], first), second === undefined ? zeroAddress : await l1.deploy([], second)]
  const segmentVerifier = await l1.deploy(segmentVerifierAbi, segmentVerifierBytecode, [key.parameters, airParts])
  const address = await l1.deploy(abi, bytecode, [segmentVerifier])
  const meter = await l1.deploy(gasMeterAbi, gasMeterBytecode)
  return {
    address,
    verdictOf: (data) =>
      l1.client.call({ to: address, data, gas }).then(
        () => 'accepted',
        (error: unknown) => checkOfError(revertData(error)),
      ),
    send: (data) => l1.receiptOf(l1.client.sendTransaction({ to: address, data, gas, account: accounts.stranger.address, chain: null })),
    async judge({ key: { fixedLogHeights, fixedRoots }, publicValues, bytes }) {
      const encoded = encodeStatement({ ...key, fixedLogHeights, fixedRoots }, publicValues)
      const statement = { key: bytesToHex(encoded.key), publicValues: bytesToHex(encoded.publicValues) }
      const end = headerLength(bytes, key.air.tables.length)
      const header = bytesToHex(bytes.subarray(0, end))
      const args = [statement, header, 0n, bytesToHex(bytes.subarray(end)), BigInt(key.parameters.queries)] as const
      const calls = [
        encodeFunctionData({ abi: fibonacciVerifierAbi, functionName: 'begin', args }),
        encodeFunctionData({ abi: fibonacciVerifierAbi, functionName: 'register', args: [statement, header] }),
      ]
      const measure = encodeFunctionData({ abi: gasMeterAbi, functionName: 'measure', args: [address, calls] })
      const { data: measured = '0x' } = await l1.client.call({ to: meter, data: measure, gas })
      const [success, output, used] = decodeFunctionResult({ abi: gasMeterAbi, functionName: 'measure', data: measured })
      return { verdict: success ? 'accepted' : checkOfError(output), gas: used }
    },
  }
}

function revertData(error: unknown): Hex {
  const cause =
    error instanceof BaseError ? error.walk((inner) => inner instanceof Error && 'data' in inner && inner.data !== undefined) : null
  const data: unknown = cause !== null && 'data' in cause ? cause.data : undefined
  const inner: unknown = typeof data === 'object' && data !== null && 'data' in data ? data.data : data
  if (typeof inner !== 'string' || !inner.startsWith('0x')) throw error
  return inner as Hex
}

/** Where the segments begin in what may be no proof. */
function headerLength(bytes: Uint8Array, tables: number): number {
  const count = (bytes[1] ?? 0) * 256 + (bytes[2] ?? 0)
  return 3 + count * (tables + 32 + (count === 1 ? 0 : 24))
}

/** StarkVerifier__FriCommitment is `fri-commitment`. What is no error of the verifier, such as a panic, stays as it is. */
function checkOfError(data: Hex): Verdict {
  if (data === '0x') return 'no reason'
  const { errorName, args = [] } = decodeErrorResult({ abi: fibonacciVerifierAbi, data })
  const [, reason] = errorName.split('StarkVerifier__')
  return reason === undefined ? `${errorName} ${args.join()}` : reason.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
}
