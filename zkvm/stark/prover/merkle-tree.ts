import { allocateWords, type Words } from '../../kernels/words.ts'
import { missingNodes, type NodePlace } from '../merkle.ts'
import type { Task } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

const wordsPerDigest = 4

/** The levels of a Merkle tree from `lowest` on, in shared memory. What is below is for whoever opens it to compute again. */
export class MerkleTree {
  readonly log: number
  readonly lowest: number
  readonly #words: Words

  /** `fill` gets the array and puts the digests of the level `lowest` at its beginning. */
  static async build({
    log,
    lowest = 0,
    workers,
    fill,
  }: {
    readonly log: number
    readonly lowest?: number
    readonly workers: ProverWorkers
    readonly fill: (digests: Words) => Promise<void>
  }): Promise<MerkleTree> {
    const words = allocateWords(2 * wordsPerDigest * 2 ** (log - lowest))
    await fill(words)
    const tree = new MerkleTree(log, lowest, words)
    for (let level = lowest; level < log; level++) await workers.run(tree.#levelTasks(level, workers.parallelism))
    return tree
  }

  private constructor(log: number, lowest: number, words: Words) {
    this.log = log
    this.lowest = lowest
    this.#words = words
  }

  get root(): Uint8Array {
    return this.digest({ level: this.log, index: 0 })
  }

  digest({ level, index }: NodePlace): Uint8Array {
    if (level < this.lowest) throw new RangeError(`level ${level} of the tree is not kept`)
    const start = this.#start(level) + wordsPerDigest * index
    return new Uint8Array(this.#words.slice(start, start + wordsPerDigest).buffer)
  }

  /** What an opening at these leaves must bring along; `below` knows the nodes of the levels that are not kept. */
  nodesFor(indices: readonly number[], below?: (place: NodePlace) => Uint8Array): Uint8Array[] {
    return missingNodes(indices, this.log).map((place) =>
      place.level < this.lowest && below !== undefined ? below(place) : this.digest(place),
    )
  }

  #start(level: number): number {
    const log = this.log - this.lowest
    return wordsPerDigest * (2 ** (log + 1) - 2 ** (this.log + 1 - level))
  }

  #levelTasks(level: number, parallelism: number): Task[] {
    const nodes = 2 ** (this.log - level - 1)
    const parts = nodes >= 4096 ? 4 * parallelism : 1
    const size = Math.ceil(nodes / parts)
    const tasks: Task[] = []
    for (let from = 0; from < nodes; from += size) {
      const count = Math.min(size, nodes - from)
      tasks.push({
        task: 'hashPairs',
        children: { words: this.#words, from: this.#start(level) + 2 * wordsPerDigest * from, count: 2 * wordsPerDigest * count },
        digests: { words: this.#words, from: this.#start(level + 1) + wordsPerDigest * from, count: wordsPerDigest * count },
      })
    }
    return tasks
  }
}
