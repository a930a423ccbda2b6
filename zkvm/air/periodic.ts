import type { Extension } from '../field/extension.ts'
import * as extension from '../field/extension.ts'
import * as base from '../field/goldilocks.ts'

/**
 * A column that repeats every few rows and that nobody commits to: constants, or powers of a challenge (of the extension). Over a table of n
 * rows with period p it is g(Y^(n/p)), where g takes the values on the subgroup of order p, so that whoever verifies evaluates it alone.
 */
export type PeriodicColumn =
  | { readonly kind: 'constants'; readonly values: readonly bigint[] }
  | { readonly kind: 'powers'; readonly challenge: number; readonly exponents: readonly number[] }

export function isExtensionPeriodic({ kind }: PeriodicColumn): boolean {
  return kind === 'powers'
}

export function periodOf(column: PeriodicColumn): number {
  return column.kind === 'constants' ? column.values.length : column.exponents.length
}

/** The values of one period. */
export function periodicValues(column: PeriodicColumn, challenges: readonly Extension[]): Extension[] {
  if (column.kind === 'constants') return column.values.map(extension.fromBase)
  const challenge = challenges[column.challenge]
  if (challenge === undefined) throw new RangeError(`there is no challenge ${column.challenge}`)
  const powers = [extension.one]
  return column.exponents.map((exponent) => {
    while (powers.length <= exponent) powers.push(extension.mul(powers.at(-1) ?? extension.one, challenge))
    return powers[exponent] ?? extension.one
  })
}

/** The Lagrange polynomials of the subgroup of order 2^logPeriod, at a point outside it. */
export function lagrangeAt(point: Extension, logPeriod: number): Extension[] {
  const root = base.rootOfUnity(logPeriod)
  const period = 1n << BigInt(logPeriod)
  const scaled = extension.scale(extension.sub(extension.power(point, period), extension.one), base.inverse(period))
  return Array.from({ length: 2 ** logPeriod }, (_, index) => {
    const node = base.power(root, BigInt(index))
    const inverse = extension.inverse(extension.sub(point, extension.fromBase(node)))
    return extension.scale(extension.mul(scaled, inverse), node)
  })
}
