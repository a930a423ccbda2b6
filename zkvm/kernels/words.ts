import { adviseHugePages } from './load.ts'

/** Words in shared memory: what tasks read and write, so that only places travel between threads. */
export type Words = BigUint64Array<SharedArrayBuffer>

/** Whether threads can read an array without a copy. */
export function isShared(words: BigUint64Array): words is Words {
  return words.buffer instanceof SharedArrayBuffer
}

/** Arrays from here on get large pages, of 2 MiB. */
const minHugeWords = 2 ** 19

/** So many words in shared memory, all 0. */
export function allocateWords(count: number): Words {
  const words = new BigUint64Array(new SharedArrayBuffer(8 * count))
  if (count >= minHugeWords) adviseHugePages(words)
  return words
}
