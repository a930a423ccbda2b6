import { decodeErrorResult, decodeFunctionResult, encodeFunctionData, toHex } from 'viem'
import { bytesToHex, type Hex } from '../../core/index.ts'
import { InvalidProofError } from '../../zkvm/stark/errors.ts'
import { defaultParameters, type StarkParameters } from '../../zkvm/stark/parameters.ts'
import { decodeProof, encodeProof } from '../../zkvm/stark/proof-codec.ts'
import { prove } from '../../zkvm/stark/prover/prove.ts'
import { ProvingKey } from '../../zkvm/stark/prover/proving-key.ts'
import type { ProverWorkers } from '../../zkvm/stark/prover/workers.ts'
import { fibonacciAir, fibonacciInstance } from '../../zkvm/stark/testing/fibonacci-air.ts'
import { verify } from '../../zkvm/stark/verifier.ts'
import type { VerifyingKey } from '../../zkvm/stark/verifying-key.ts'
import { fibonacciVerifierAbi, fibonacciVerifierBytecode } from '../generated/testing/stark/FibonacciVerifier.ts'
import { gasMeterAbi, gasMeterBytecode } from '../generated/testing/stark/GasMeter.ts'
import type { L1 } from '../test/l1-fixture.ts'

/** What every test but the measurement uses: all steps of the protocol, with less work in each. */
export const quickParameters: StarkParameters = {
  ...defaultParameters,
  queries: 10,
  grindingBits: 4,
  maxLogFinalLength: 3,
  minLogHeight: 4,
}

export interface FibonacciProof {
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
): Promise<FibonacciProof> {
  const instance = fibonacciInstance({ logHeight, logRange })
  forge?.(instance)
  const logHeights = [Math.max(logHeight, logRange)]
  const key = await ProvingKey.create({ air: fibonacciAir, parameters, fixed: instance.fixed, logHeights, workers })
  const proof = await prove({ key, publicValues: instance.publicValues, traces: instance.traces, workers })
  return { key: key.verifyingKey, publicValues: instance.publicValues, bytes: encodeProof(proof) }
}

/** `accepted`, or the check that failed. */
export type Verdict = string

export function verdictOfTypeScript({ key, publicValues, bytes }: FibonacciProof): Verdict {
  try {
    verify(key, publicValues, decodeProof(bytes, key))
    return 'accepted'
  } catch (error) {
    if (error instanceof InvalidProofError) return error.check
    throw error
  }
}

export interface DeployedVerifier {
  readonly address: Hex
  /** What the contract says, and the gas of the call without its calldata. */
  judge(proof: Pick<FibonacciProof, 'publicValues' | 'bytes'>): Promise<{ verdict: Verdict; gas: bigint }>
}

/** A call may take what a transaction may (EIP-7825). */
const gas = 16_777_216n

export async function deployVerifier(l1: L1, { parameters, fixedLogHeights, fixedRoots }: VerifyingKey): Promise<DeployedVerifier> {
  const heights = Array.from(
    { length: parameters.maxLogHeight - parameters.minLogHeight + 1 },
    (_, index) => parameters.minLogHeight + index,
  )
  const roots = heights.map((log) => bytesToHex(fixedRoots.get(log) ?? new Uint8Array(32)))
  const packedHeights = fixedLogHeights.reduceRight((packed, log) => (packed << 8n) | BigInt(log ?? 255), 0n)
  const address = await l1.deploy(fibonacciVerifierAbi, fibonacciVerifierBytecode, [parameters, packedHeights, roots])
  const meter = await l1.deploy(gasMeterAbi, gasMeterBytecode)
  return {
    address,
    async judge({ publicValues, bytes }) {
      const [first = 0n, last = 0n] = publicValues
      const data = encodeFunctionData({ abi: fibonacciVerifierAbi, functionName: 'verify', args: [first, last, toHex(bytes)] })
      const measure = encodeFunctionData({ abi: gasMeterAbi, functionName: 'measure', args: [address, data] })
      const { data: measured = '0x' } = await l1.client.call({ to: meter, data: measure, gas })
      const [success, output, used] = decodeFunctionResult({ abi: gasMeterAbi, functionName: 'measure', data: measured })
      return { verdict: success ? 'accepted' : checkOfError(output), gas: used }
    },
  }
}

/** StarkVerifier__FriCommitment is `fri-commitment`. What is no error of the verifier, such as a panic, stays as it is. */
function checkOfError(data: Hex): Verdict {
  const { errorName, args = [] } = decodeErrorResult({ abi: fibonacciVerifierAbi, data })
  const [, reason] = errorName.split('StarkVerifier__')
  return reason === undefined ? `${errorName} ${args.join()}` : reason.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
}
