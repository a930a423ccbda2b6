import type { CommonOptions } from '../../../stf/chain-config.ts'

const isNotHere = (): never => {
  throw new Error('Blobs are no part of a block, and the node has its own point evaluation.')
}

/** What @ethereumjs/tx wants to see before it takes a blob transaction without its blobs. */
export const kzg: NonNullable<CommonOptions['kzg']> = {
  verifyProof: isNotHere,
  blobToKzgCommitment: isNotHere,
  computeBlobProof: isNotHere,
  verifyBlobProofBatch: isNotHere,
  computeCells: isNotHere,
  computeCellsAndProofs: isNotHere,
  recoverCellsAndProofs: isNotHere,
  verifyCellKzgProofBatch: isNotHere,
}
