import { decodeFunctionResult, encodeFunctionData } from 'viem'
import { machineVerifierAbi, type SessionCall, type SessionParts, sessionCalls } from '../../contracts/index.ts'
import { concatBytes, type Hex, keccak256, keccak256Hex, type Proof } from '../../core/index.ts'
import type { FactRegistrar, RegisterOptions } from './fact-registrar.ts'
import type { L1Client } from './l1-client.ts'
import type { L1Sender } from './l1-sender.ts'

export interface SessionRegistrarDeps {
  readonly l1: L1Client
  readonly sender: L1Sender
  /** Address of `MachineVerifier`. */
  readonly verifier: Hex
  /** Cuts a proof into transactions. Takes a second or so. */
  readonly sessionOf: (proof: Proof) => Promise<SessionParts>
}

/**
 * Has STARK proofs verified by the contract, in sessions of several transactions. What a session lacks is asked of the contract each time: it
 * goes on after a crash at any point, and what others have sent of it is not sent again.
 */
export class SessionRegistrar implements FactRegistrar {
  readonly #deps: SessionRegistrarDeps
  /** Of the proof that is being verified: an attempt that failed is soon made again. */
  #cut: { readonly digest: Hex; readonly session: SessionParts } | undefined

  constructor(deps: SessionRegistrarDeps) {
    this.#deps = deps
  }

  async register(proofs: readonly Proof[], options: RegisterOptions): Promise<void> {
    for (const proof of proofs) {
      if (!(await this.#isProven(proof))) await this.#verify(proof, options)
    }
  }

  async #verify(proof: Proof, { signal, onSent, onVerified }: RegisterOptions): Promise<void> {
    const session = await this.#sessionOf(proof)
    const calls = await this.#missing(session)
    for (const [index, { kind, segment, data }] of calls.entries()) {
      const what = kind === 'register' ? 'fact' : `segment ${segment + 1} of ${session.segments.length}`
      const action = `verification of ${what}, transaction ${index + 1} of ${calls.length}`
      const { transactionHash: txHash, gasUsed } = await this.#deps.sender.send(
        { action, to: this.#deps.verifier, data },
        { signal, onSent },
      )
      onVerified(proof, { txHash, gasUsed })
    }
    this.#cut = undefined
  }

  async #sessionOf(proof: Proof): Promise<SessionParts> {
    if (this.#cut?.digest !== proof.digest) this.#cut = { digest: proof.digest, session: await this.#deps.sessionOf(proof) }
    return this.#cut.session
  }

  /** The calls of a session that still have something to do: others' transactions count as much as our own. */
  async #missing(session: SessionParts): Promise<readonly SessionCall[]> {
    const verified = await this.#segmentsVerified(runIdOf(session))
    const missing: bigint[] = []
    for (const [segment, { context }] of session.segments.entries()) {
      const isVerified = ((verified >> BigInt(segment)) & 1n) === 1n
      missing.push(isVerified ? 0n : await this.#missingQueries(keccak256Hex(context)))
    }
    return sessionCalls(session).filter(
      ({ kind, segment, queries: { from, count } }) =>
        kind === 'register' || (((missing[segment] ?? 0n) >> BigInt(from)) & ((1n << BigInt(count)) - 1n)) !== 0n,
    )
  }

  /** A bit each; all of them where the session has not begun. */
  async #missingQueries(contextHash: Hex): Promise<bigint> {
    const data = encodeFunctionData({ abi: machineVerifierAbi, functionName: 'missingQueries', args: [contextHash] })
    const [hasBegun, missing] = decodeFunctionResult({
      abi: machineVerifierAbi,
      functionName: 'missingQueries',
      data: await this.#call(data),
    })
    return hasBegun ? missing : everyQuery
  }

  /** A bit each. */
  async #segmentsVerified(runId: Hex): Promise<bigint> {
    const data = encodeFunctionData({ abi: machineVerifierAbi, functionName: 'segmentsVerified', args: [runId] })
    return decodeFunctionResult({ abi: machineVerifierAbi, functionName: 'segmentsVerified', data: await this.#call(data) })
  }

  async #isProven({ programId, digest }: Proof): Promise<boolean> {
    const data = encodeFunctionData({ abi: machineVerifierAbi, functionName: 'isProven', args: [programId, digest] })
    return decodeFunctionResult({ abi: machineVerifierAbi, functionName: 'isProven', data: await this.#call(data) })
  }

  #call(data: Hex): Promise<Hex> {
    return this.#deps.l1.call({ to: this.#deps.verifier, data })
  }
}

const everyQuery = 2n ** 256n - 1n

/** As `IStarkVerifier.runIdOf`. */
function runIdOf({ statement: { key, publicValues }, header }: SessionParts): Hex {
  return keccak256Hex(concatBytes(...[key, publicValues, header].map((part) => keccak256(part))))
}
