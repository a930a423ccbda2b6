/** Numbers by which cpu asks another table for a result. 0 asks for none. */
export const operations = {
  and: 1,
  or: 2,
  xor: 3,
  sll: 4,
  srl: 5,
  sra: 6,
  /** 1 where a < b as signed numbers, else 0; so with the other comparisons. */
  lt: 7,
  ltu: 8,
  ge: 9,
  geu: 10,
  eq: 11,
  ne: 12,
  mul: 16,
  mulh: 17,
  mulhsu: 18,
  mulhu: 19,
  div: 20,
  divu: 21,
  rem: 22,
  remu: 23,
  lb: 32,
  lh: 33,
  lw: 34,
  lbu: 35,
  lhu: 36,
  sb: 37,
  sh: 38,
  sw: 39,
} as const

export type OperationName = keyof typeof operations

/** Added to a load's operation where rd is x0: memory is accessed, the result is 0. */
export const dropsResult = 32

/** Whether a comparison of two unsigned numbers holds, which is what a branch asks. */
export function comparisonHolds(operation: number, a: number, b: number): boolean {
  switch (operation) {
    case operations.eq:
      return a === b
    case operations.ne:
      return a !== b
    case operations.lt:
      return (a | 0) < (b | 0)
    case operations.ge:
      return (a | 0) >= (b | 0)
    case operations.ltu:
      return a < b
    case operations.geu:
      return a >= b
    default:
      throw new RangeError(`${operation} is no comparison`)
  }
}
