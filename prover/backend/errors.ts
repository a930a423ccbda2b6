import { DevnetError, type Hex } from '../../core/index.ts'

/** The job is for another guest program than this prover has: another prover may have it, so the job is not at fault. */
export class ProgramUnknownError extends DevnetError {
  override name = 'ProgramUnknownError'
  constructor({ asked, known }: { asked: Hex; known: Hex }) {
    super(`This prover has the guest program ${known}, not ${asked}.`, {
      code: 'PROGRAM_UNKNOWN',
      exitCode: 6,
      metaMessages: ['Node and agents must be of the same version of zkdevnet.'],
    })
  }
}

/** The thread that makes proofs broke down, for reasons that need not lie in the batch. */
export class ProverCrashedError extends DevnetError {
  override name = 'ProverCrashedError'
  constructor({ reason, cause }: { reason: string; cause?: unknown }) {
    super(`The thread that makes proofs ended: ${reason}.`, {
      code: 'PROVER_CRASHED',
      exitCode: 5,
      metaMessages: [
        'It is tried again. If it goes on, the machine may be short of memory: give the prover less with `--max-memory <GiB>`.',
      ],
      cause,
    })
  }
}

/** The zkVM refused a task, and would again; `code` is that of its own error. */
export class StarkTaskError extends DevnetError {
  override name = 'StarkTaskError'
  constructor({ code, message, help }: { code: string; message: string; help: readonly string[] }) {
    super(message, { code, exitCode: 5, metaMessages: help })
  }
}

/** A plan has taller segments than fit into this prover's memory. */
export class PlanTooTallError extends DevnetError {
  override name = 'PlanTooTallError'
  constructor({ plan, own }: { plan: number; own: number }) {
    super(`The plan has segments of 2^${plan} rows; this prover has memory for 2^${own}.`, {
      code: 'PLAN_TOO_TALL',
      exitCode: 5,
      metaMessages: ['Give all agents of a queue the same `--max-memory <GiB>`.'],
    })
  }
}

/** Not even a proof of the smallest height fits into the memory that the prover may take. */
export class MemoryTooSmallError extends DevnetError {
  override name = 'MemoryTooSmallError'
  constructor({ given, least }: { given: number; least: number }) {
    super(`A STARK proof takes at least ${least} GiB of memory; the prover may take ${given} GiB.`, {
      code: 'MEMORY_TOO_SMALL',
      exitCode: 2,
      metaMessages: [`Allow more with \`--max-memory ${Math.ceil(least)}\`, or sign batches only with \`--proofs attested\`.`],
    })
  }
}
