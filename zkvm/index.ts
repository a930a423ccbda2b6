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
export { ProgramTooLargeError, ProofFileError, ProofOfAnotherProgramError, ProofTooLongError } from './prover/errors.ts'
export { decodeProofFile, encodeProofFile, type ProofFile } from './prover/proof-file.ts'
export {
  maxProvableCycles,
  type ProgramProvingPhase,
  type ProvenRun,
  type ProveProgramOptions,
  proveProgram,
  verifyProgram,
} from './prover/prove-program.ts'
export { InvalidProofError } from './stark/errors.ts'
export { NotProvableError } from './tables/errors.ts'
export type { PublicValues } from './tables/public-values.ts'
