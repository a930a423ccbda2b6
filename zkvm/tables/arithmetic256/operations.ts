/** System functions of this table, zkvm/isa/README.md. */
export const arithmetic256Numbers = { mulAdd: 32, mulMod: 33, add: 48, double: 49 } as const

export type Arithmetic256Operation = keyof typeof arithmetic256Numbers

export const operationNames = Object.keys(arithmetic256Numbers) as readonly Arithmetic256Operation[]

/** Undefined for system functions of other tables. */
export function arithmetic256Operation(number: number): Arithmetic256Operation | undefined {
  return operationNames.find((name) => arithmetic256Numbers[name] === number)
}

/** A call takes so many rows, which begin at a multiple of it. Row i has word i of each point, or of two numbers of 8 words. */
export const callRows = 16
export const integerWords = callRows / 2

/** Of secp256k1's field. */
export const prime = 2n ** 256n - 2n ** 32n - 977n

/** Carries are from −2^23 to 2^23 − 1. */
export const carryOffset = 2 ** 23

/** What λ and the quotients are less than their 16 limbs say: 2^255, as part of the topmost limb. */
export const topLimbOffset = 2 ** 15
