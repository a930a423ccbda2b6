import { type Abi, encodeDeployData, zeroAddress } from 'viem'
import { bytesToHex, type Hex, hexToBytes } from '../core/index.ts'
import { machineAirCode } from './airs/machine-air-code.ts'
import { machineVerifierAbi, machineVerifierBytecode, segmentVerifierAbi, segmentVerifierBytecode } from './generated/index.ts'

/** Constants of prover and verifier, as zkvm has them. */
export interface VerifierParameters {
  readonly logBlowup: number
  readonly queries: number
  readonly grindingBits: number
  readonly logFold: number
  readonly maxLogFinalLength: number
  readonly maxLogPack: number
  readonly minLogHeight: number
  readonly maxLogHeight: number
}

export interface StarkDeploymentOptions {
  readonly parameters: VerifierParameters
  /** Sends the creation of a contract, with at most the gas of a transaction, and gives its address. */
  readonly create: (creationCode: Hex) => Promise<Hex>
}

/** Deploys the verifier of RISC-V programs: three contracts, or four once the AIR's data does not fit into one. Gives its address. */
export function deployMachineVerifier(options: StarkDeploymentOptions): Promise<Hex> {
  const contract = { abi: machineVerifierAbi, bytecode: machineVerifierBytecode }
  return deployStarkVerifier({ ...options, airCode: hexToBytes(machineAirCode), contract })
}

/** Deploys a StarkVerifier of any AIR. */
export async function deployStarkVerifier({
  airCode,
  contract: { abi, bytecode },
  parameters,
  create,
}: StarkDeploymentOptions & {
  readonly airCode: Uint8Array
  readonly contract: { readonly abi: Abi; readonly bytecode: Hex }
}): Promise<Hex> {
  const [first = new Uint8Array(), second, ...others] = partsOf(airCode)
  if (others.length > 0) throw new RangeError(`an AIR of ${airCode.length} bytes takes more than two contracts`)
  const airParts = [await create(creationCodeOf(first)), second === undefined ? zeroAddress : await create(creationCodeOf(second))] as const
  const segmentVerifier = await create(
    encodeDeployData({ abi: segmentVerifierAbi, bytecode: segmentVerifierBytecode, args: [parameters, airParts] }),
  )
  return create(encodeDeployData({ abi, bytecode, args: [segmentVerifier] }))
}

/** EIP-170. A byte 0 in front keeps anybody from running the data. */
const maxDataBytes = 24_576 - 1

function partsOf(data: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(data.length / maxDataBytes) }, (_, index) =>
    data.subarray(index * maxDataBytes, (index + 1) * maxDataBytes),
  )
}

/** PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE (0), CODECOPY, RETURNDATASIZE (0), RETURN: returns what follows these ten bytes. */
function creationCodeOf(data: Uint8Array): Hex {
  const length = data.length + 1
  return bytesToHex(Uint8Array.from([0x61, length >> 8, length & 0xff, 0x80, 0x60, 10, 0x3d, 0x39, 0x3d, 0xf3, 0, ...data]))
}
