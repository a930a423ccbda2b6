/** The number of little-endian words, the least significant first. */
export function wordsToInteger(words: Int32Array): bigint {
  let value = 0n
  for (let index = words.length - 1; index >= 0; index--) value = (value << 32n) | BigInt((words[index] ?? 0) >>> 0)
  return value
}

/** The low `length` words of `value`. */
export function integerToWords(value: bigint, length: number): Int32Array {
  const words = new Int32Array(length)
  let rest = value
  for (let index = 0; index < length; index++) {
    words[index] = Number(BigInt.asIntN(32, rest))
    rest >>= 32n
  }
  return words
}

export function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

/** The inverse of `value` modulo `modulus` (> 0), or 0 where there is none. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [modulo(value, modulus), modulus]
  let [x, y] = [1n, 0n]
  while (a !== 0n) {
    const quotient = b / a
    ;[a, b] = [b - quotient * a, a]
    ;[x, y] = [y - quotient * x, x]
  }
  return b === 1n ? modulo(y, modulus) : 0n
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
