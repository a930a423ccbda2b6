/** Row id of the transaction with this index in its block. 30M gas hold fewer than 2^16 transactions. */
export const transactionPlace = (block: bigint, index: number): number => Number(block) * 2 ** 16 + index

export const transactionAt = (place: number): { block: bigint; index: number } => ({
  block: BigInt(Math.floor(place / 2 ** 16)),
  index: place % 2 ** 16,
})

/** Row id of the log with this index in its block. 30M gas hold fewer than 2^17 logs. */
export const logPlace = (block: bigint, index: number): number => Number(block) * 2 ** 17 + index

export const logAt = (place: number): { block: bigint; index: number } => ({
  block: BigInt(Math.floor(place / 2 ** 17)),
  index: place % 2 ** 17,
})
