export { addressMap, maxInputLength } from './isa/address-map.ts'
export type { Code } from './isa/decode.ts'
export { disassemble } from './isa/disassemble.ts'
export { loadProgram, type Program, type Segment } from './isa/elf.ts'
export * from './isa/errors.ts'
export { type Instruction, illegalId, instructions } from './isa/instructions.ts'
export { Machine, type MachineOptions } from './isa/machine.ts'
export type { ProfileEntry } from './isa/profile.ts'
export { type RunOptions, type RunResult, runProgram } from './isa/run-program.ts'
export { systemFunctions } from './isa/system/functions.ts'
export type { MemoryAccess, Step, StepObserver, SystemCall } from './isa/trace.ts'
export { systemFunctionWeights, weightedCycles } from './isa/weights.ts'
export type { KernelChoice } from './kernels/kernels.ts'
export { kernelsInUse } from './kernels/load.ts'
export { ProgramStaleError, ProgramTooLargeError, ProofFileError, ProofOfAnotherProgramError, ProofTooLongError } from './prover/errors.ts'
export { machineProofSections, machineTableCount } from './prover/machine-proof-sections.ts'
export { describeProgram, type ProgramDescription, programIdOf } from './prover/program-id.ts'
export { createProgramKey, provableHeights } from './prover/program-key.ts'
export { assembleProof, cutRun, ProgramProver, type ProgramProverContext, verifyRun } from './prover/program-prover.ts'
export { decodeProofFile, encodeProofFile, type ProofFile } from './prover/proof-file.ts'
export {
  defaultSegmentLogHeight,
  maxProvableCycles,
  type ProgramProvingDetails,
  type ProgramProvingPhase,
  type ProvenRun,
  type ProveProgramOptions,
  proveProgram,
  verifyProgram,
} from './prover/prove-program.ts'
export { InvalidProofError } from './stark/errors.ts'
export { defaultParameters, type StarkParameters } from './stark/parameters.ts'
export type { ProofSection } from './stark/proof-sections.ts'
export { ProverWorkers } from './stark/prover/workers.ts'
export { cutSession, type QueryRun, type SegmentSession, type StarkSession } from './stark/session.ts'
export { NotProvableError } from './tables/errors.ts'
export type { PublicValues } from './tables/public-values.ts'
