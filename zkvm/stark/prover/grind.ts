import { allocateWords } from '../../kernels/words.ts'
import type { ProverWorkers } from './workers.ts'

const noncesPerTask = 1n << 16n

/** The smallest nonce for which H(state ‖ nonce) begins with so many zero bits, whatever the number of threads. */
export async function grind(state: Uint8Array, bits: number, workers: ProverWorkers): Promise<bigint> {
  if (bits === 0) return 0n
  const words = new BigUint64Array(state.slice().buffer)
  for (let from = 0n; ; from += noncesPerTask * BigInt(workers.parallelism)) {
    const outs = Array.from({ length: workers.parallelism }, () => allocateWords(1))
    await workers.run(
      outs.map((out, index) => ({
        task: 'grind',
        state: words,
        bits,
        from: from + noncesPerTask * BigInt(index),
        count: noncesPerTask,
        out,
      })),
    )
    for (const [index, out] of outs.entries()) {
      const nonce = out[0] ?? 0n
      if (nonce < from + noncesPerTask * BigInt(index + 1)) return nonce
    }
  }
}
