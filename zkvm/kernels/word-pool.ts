import { allocateWords, type Words } from './words.ts'

/** Smaller arrays are not worth keeping. */
const minPooledWords = 2 ** 15

/** A GiB, which is what the batch of a few transactions takes. More would be held for proofs that take so long that clearing it does not count. */
const maxFreeWords = 2 ** 27

/**
 * Arrays that serve again, from one proof to the next: memory that the system hands out fresh is cleared page by page, which costs as much as a
 * transform of what is then written there.
 */
export class WordPool {
  /** Ascending by length. */
  #free: { readonly words: Words; readonly age: number }[] = []
  #age = 0

  /** So many words with anything in them. */
  take(count: number): Words {
    if (count < minPooledWords) return allocateWords(count)
    const index = this.#free.findIndex(({ words }) => words.length >= count)
    const fitting = this.#free[index]
    // Not one of more than twice the size: somebody else will want it.
    if (fitting !== undefined && fitting.words.length <= 2 * count) {
      this.#free.splice(index, 1)
      return fitting.words.subarray(0, count)
    }
    this.#giveUp(count)
    return allocateWords(count)
  }

  /** Nobody may use the array any more; it is the only one on its buffer. */
  give(words: Words): void {
    const whole: Words = new BigUint64Array(words.buffer)
    const free = this.#free.reduce((sum, other) => sum + other.words.length, 0)
    if (whole.length < minPooledWords || free + whole.length > maxFreeWords) return
    const index = this.#free.findIndex((other) => other.words.length >= whole.length)
    this.#free.splice(index < 0 ? this.#free.length : index, 0, { words: whole, age: this.#age })
  }

  /** A proof is done: what nobody took since the one before is given up. */
  settle(): void {
    this.#free = this.#free.filter(({ age }) => age === this.#age)
    this.#age++
  }

  /** At least as much as is asked for anew, so that what is free never comes on top of what the work takes. */
  #giveUp(count: number): void {
    for (let released = 0; released < count && this.#free.length > 0; ) released += this.#free.shift()?.words.length ?? 0
  }
}
