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
