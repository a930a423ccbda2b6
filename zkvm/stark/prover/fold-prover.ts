import type { Extension } from '../../field/extension.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import { blockShift, type Domain, evaluationDomain, foldedDomain } from '../domain.ts'
import type { StarkParameters } from '../parameters.ts'
import type { FoldOpening } from '../proof.ts'
import { MerkleTree } from './merkle-tree.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

interface CommittedCodeword {
  readonly tree: MerkleTree
  /** Three arrays over the step's domain, bit-reversed. */
  readonly values: Words
  readonly log: number
}

const leavesPerTask = 1024

/** The prover's side of FRI. Polynomials stay as coefficients, where folding is a sum; only what is committed to is evaluated. */
export class FoldProver {
  readonly #opts: { readonly parameters: StarkParameters; readonly workers: ProverWorkers }
  readonly #codewords: CommittedCodeword[] = []
  #domain: Domain

  constructor({
    logDomain,
    ...opts
  }: { readonly logDomain: number; readonly parameters: StarkParameters; readonly workers: ProverWorkers }) {
    this.#opts = opts
    this.#domain = evaluationDomain(logDomain)
  }

  get roots(): Uint8Array[] {
    return this.#codewords.map(({ tree }) => tree.root)
  }

  /** Evaluates three arrays of coefficients over the step's domain and commits to the groups that are folded together. */
  async commit(coefficients: Words): Promise<Uint8Array> {
    const { workers, parameters } = this.#opts
    const { log } = this.#domain
    const count = coefficients.length / 3
    const logCount = Math.log2(count)
    const values = allocateWords(3 * 2 ** log)
    const tasks: Task[] = []
    for (let block = 0; block < 2 ** log / count; block++) {
      const shift = blockShift(this.#domain, logCount, block)
      for (let c = 0; c < 3; c++) {
        const columns = [{ coefficients: { words: coefficients, from: c * count, count }, place: 0 }]
        tasks.push({
          task: 'extendPacked',
          columns,
          logPack: 0,
          log: logCount,
          shift,
          out: { words: values, from: c * 2 ** log + block * count, count },
        })
      }
    }
    await workers.run(tasks)
    const tree = await MerkleTree.build({
      log: log - parameters.logFold,
      workers,
      fill: (digests) => this.#hash(values, digests),
    })
    this.#codewords.push({ tree, values, log })
    return tree.root
  }

  async fold(coefficients: Words, challenge: Extension): Promise<Words> {
    const { workers, parameters } = this.#opts
    const by = 2 ** parameters.logFold
    const count = coefficients.length / 3
    const out = allocateWords(coefficients.length / by)
    await workers.run([{ task: 'fold', coefficients, out, count, by, challenge }])
    this.#domain = foldedDomain(this.#domain, parameters.logFold)
    return out
  }

  /** What the verifier, who follows `positions` down, does not know already. */
  open(positions: readonly number[]): FoldOpening[] {
    const { logFold } = this.#opts.parameters
    let known = [...positions]
    return this.#codewords.map(({ tree, values, log }) => {
      const leaves = [...new Set(known.map((position) => position >>> logFold))]
      const isKnown = new Set(known)
      const missing: Extension[] = []
      for (const leaf of leaves) {
        for (let position = leaf << logFold; position < (leaf + 1) << logFold; position++) {
          if (!isKnown.has(position)) missing.push([0, 1, 2].map((c) => values[c * 2 ** log + position] ?? 0n) as unknown as Extension)
        }
      }
      known = leaves
      return { values: missing, nodes: tree.nodesFor(leaves) }
    })
  }

  async #hash(values: Words, digests: Words): Promise<void> {
    const { workers, parameters } = this.#opts
    const group = 2 ** parameters.logFold
    const stride = values.length / 3
    const leaves = stride / group
    const tasks: Task[] = []
    for (let from = 0; from < leaves; from += leavesPerTask) {
      const count = Math.min(leavesPerTask, leaves - from)
      tasks.push({ task: 'hashGroups', values, stride, group, from, count, digests: { words: digests, from: 4 * from, count: 4 * count } })
    }
    await workers.run(tasks)
  }
}
