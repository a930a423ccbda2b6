import type { DevnetError, Hex, Logger, PendingUpgrade } from '../../core/index.ts'
import { ProgramMismatchError, VerifierReplacedError } from './errors.ts'
import type { L1BlockTag } from './l1-client.ts'
import type { RollupContract } from './rollup-contract.ts'

export interface L1ProgramOptions {
  /** Of this node's guest. */
  readonly programId: Hex
  /** That this node brings proofs to. */
  readonly verifier: Hex
}

/** What L1 takes proofs of, which its owner can change behind a delay: whether it is what this node makes, and what it will be. */
export class L1Program {
  readonly #own: L1ProgramOptions
  readonly #rollup: RollupContract
  readonly #log: Logger
  #replaced: DevnetError | null = null
  #upgrade: PendingUpgrade | null = null

  constructor(own: L1ProgramOptions, { rollup, log }: { readonly rollup: RollupContract; readonly log: Logger }) {
    this.#own = own
    this.#rollup = rollup
    this.#log = log
  }

  /** Why this node can bring no batch to L1, as last read. */
  replaced(): DevnetError | null {
    return this.#replaced
  }

  /** As last read. */
  upgrade(): PendingUpgrade | null {
    return this.#upgrade
  }

  /** Throws `ProgramMismatchError`, `VerifierReplacedError`. */
  async read(l1Block: L1BlockTag): Promise<void> {
    const { programId, verifier, upgrade } = await this.#rollup.program(l1Block)
    if (upgrade?.earliest !== this.#upgrade?.earliest) this.#report(upgrade)
    this.#upgrade = upgrade
    const own = this.#own
    if (programId !== own.programId) this.#replaced = new ProgramMismatchError({ onL1: programId, own: own.programId })
    else if (verifier !== own.verifier) this.#replaced = new VerifierReplacedError({ onL1: verifier, own: own.verifier })
    else this.#replaced = null
    if (this.#replaced !== null) throw this.#replaced
  }

  #report(upgrade: PendingUpgrade | null): void {
    if (upgrade === null) this.#log.info({}, 'no upgrade of the rollup waits any more')
    else this.#log.warn(upgrade, 'an upgrade of the rollup is announced')
  }
}
