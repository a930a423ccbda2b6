// Bytes of a proof and gas of its verification on L1, step by step: the table of contracts/README.md.
//   node bench/verifier.ts
import { createL1 } from '../contracts/test/l1-fixture.ts'
import { deployVerifier, proveFibonacci } from '../contracts/testing/stark-fixture.ts'
import { defaultParameters } from '../zkvm/stark/parameters.ts'
import type { Proof } from '../zkvm/stark/proof.ts'
import { decodeProof, encodeProof } from '../zkvm/stark/proof-codec.ts'
import { ProverWorkers } from '../zkvm/stark/prover/workers.ts'
import { type SingleProof, segmentOf, withSegment } from '../zkvm/stark/testing/single-proof.ts'

const parameters = { ...defaultParameters, minLogHeight: 8 }

/** Proofs that fail at the end of a step: what they cost is what the steps up to there cost. */
function failingAfter(proof: Proof): Record<string, Uint8Array> {
  const only = segmentOf(proof)
  const { openings, folds, sums, quotientRoot, nonce } = only
  const encoded = (changed: Partial<SingleProof>): Uint8Array => encodeProof(withSegment(proof, { ...only, ...changed }))
  const flipped = (digest: Uint8Array): Uint8Array => digest.map((byte) => byte ^ 1)
  const withFold = (step: number, change: (fold: SingleProof['folds'][number]) => SingleProof['folds'][number]) => ({
    folds: folds.map((fold, index) => (index === step ? change(fold) : fold)),
  })
  const withQuotientNodes = { ...openings, quotient: { ...openings.quotient, nodes: openings.quotient.nodes.map(flipped) } }
  return {
    reading: Uint8Array.from([...encodeProof(proof), 0]),
    buses: encoded({ sums: sums.map(() => [1n, 2n, 3n] as const) }),
    constraints: encoded({ quotientRoot: flipped(quotientRoot) }),
    grinding: encoded({ nonce: nonce ^ 1n }),
    'row openings': encoded({ openings: withQuotientNodes }),
    combination: encoded(withFold(0, ({ values, nodes }) => ({ nodes, values: [...values, [0n, 0n, 0n]] }))),
    folds: encoded(withFold(folds.length - 1, ({ values, nodes }) => ({ values, nodes: nodes.map(flipped) }))),
    'final polynomial': encodeProof(proof),
  }
}

const workers = new ProverWorkers({ threads: 0 })
const l1 = await createL1()
for (const [logHeight, logRange] of [
  [10, 6],
  [16, 11],
] as const) {
  const valid = await proveFibonacci({ logHeight, logRange, parameters }, workers)
  const { judge } = await deployVerifier(l1, valid.key)
  const { length } = valid.bytes
  process.stdout.write(`2^${logHeight} and 2^${logRange} rows: ${length} bytes, 40 per byte are ${40 * length}\n`)
  let before = 0n
  for (const [step, bytes] of Object.entries(failingAfter(decodeProof(valid.bytes, valid.key)))) {
    const { verdict, gas } = await judge({ ...valid, bytes })
    process.stdout.write(`${step.padEnd(18)} ${`${gas - before}`.padStart(9)}  in all ${`${gas}`.padStart(9)}  ${verdict}\n`)
    before = gas
  }
}
await workers.close()
process.exit(0)
