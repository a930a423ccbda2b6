import { missingNodes } from '../merkle.ts'
import { allocateWords, type Task, type Words } from './tasks.ts'
import type { ProverWorkers } from './workers.ts'

const wordsPerDigest = 4

/** All levels of a Merkle tree in shared memory, the leaves first. */
export class MerkleTree {
  readonly log: number
  readonly #words: Words

  /** `fillLeaves` gets the array and puts the leaves' digests at its beginning. */
  static async build(log: number, workers: ProverWorkers, fillLeaves: (digests: Words) => Promise<void>): Promise<MerkleTree> {
    const words = allocateWords(2 * wordsPerDigest * 2 ** log)
    await fillLeaves(words)
    const tree = new MerkleTree(log, words)
    for (let level = 0; level < log; level++) await workers.run(tree.#levelTasks(level, workers.parallelism))
    return tree
  }

  private constructor(log: number, words: Words) {
    this.log = log
    this.#words = words
  }

  get root(): Uint8Array {
    return this.digest(this.log, 0)
  }

  digest(level: number, index: number): Uint8Array {
    const start = this.#start(level) + wordsPerDigest * index
    return new Uint8Array(this.#words.slice(start, start + wordsPerDigest).buffer)
  }

  /** What an opening at these leaves must bring along. */
  nodesFor(indices: readonly number[]): Uint8Array[] {
    return missingNodes(indices, this.log).map(({ level, index }) => this.digest(level, index))
  }

  #start(level: number): number {
    return wordsPerDigest * (2 ** (this.log + 1) - 2 ** (this.log + 1 - level))
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
