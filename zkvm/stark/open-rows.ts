import type { Extension } from '../field/extension.ts'
import * as extension from '../field/extension.ts'
import * as base from '../field/goldilocks.ts'
import { evaluationDomain, pointAt } from './domain.ts'
import { InvalidProofError } from './errors.ts'
import type { BindingPoint } from './header.ts'
import { type Group, type Layout, widthOf } from './layout.ts'
import { hashLeaf, leadsTo } from './merkle.ts'
import type { RowOpening, SegmentProof } from './proof.ts'
import type { VerifyingKey } from './verifying-key.ts'

/** What the header says that the main columns combine to. */
export interface Binding extends BindingPoint {
  readonly value: Extension
}

/** The opened polynomials in the order of their weights: fixed, main and aux groups, then the quotient's halves. */
interface OpenedGroup {
  readonly stage: 'fixed' | 'main' | 'aux' | 'quotient'
  readonly group: Pick<Group, 'logPack' | 'offsets'>
  /** Out-of-domain values by offset and column. */
  readonly values: readonly (readonly Extension[])[]
}

/** The point at which columns of a group are opened for a row offset: (g^offset · z)^t. */
export function openingPoint(layout: Layout, point: Extension, logPack: number, offset: number): Extension {
  const rotated = extension.scale(point, base.power(base.rootOfUnity(layout.logHeight), BigInt(offset)))
  return extension.power(rotated, 1n << BigInt(logPack))
}

/** Weight of a group at one of its offsets in the combination that FRI tests: challenge^(index + offsetIndex · number of groups). */
export function deepWeight(challenge: Extension, groups: number, index: number, offsetIndex: number): Extension {
  return extension.power(challenge, BigInt(index + offsetIndex * groups))
}

/**
 * Checks the rows opened at the query positions against the commitments and combines them: the value at x of
 * Σ weight · (F(X) − Σ_j X^j·v_j) / (X^t − (g^o·z)^t), which is a polynomial only if every claimed value v_j is right, and last the binding's quotient.
 */
export function openRows({
  key,
  layout,
  mainRoot,
  segment,
  positions,
  point,
  deepChallenge,
  binding,
}: {
  readonly key: VerifyingKey
  readonly layout: Layout
  readonly mainRoot: Uint8Array
  readonly segment: SegmentProof
  readonly positions: readonly number[]
  readonly point: Extension
  readonly deepChallenge: Extension
  /** What the header says that the main columns combine to, where it does. */
  readonly binding: Binding | undefined
}): Extension[] {
  const domain = evaluationDomain(layout.logHeight + key.parameters.logBlowup)
  const roots = {
    fixed: key.fixedRoots.get(layout.logHeight),
    main: mainRoot,
    aux: segment.auxRoot,
    quotient: segment.quotientRoot,
  }
  const widths = {
    fixed: layout.groups.fixed.length,
    main: layout.groups.main.length,
    aux: layout.groups.aux.length * widthOf('aux'),
    quotient: 6,
  }
  for (const stage of ['fixed', 'main', 'aux', 'quotient'] as const) {
    checkRows({ opening: segment.openings[stage], root: roots[stage], width: widths[stage], positions, log: domain.log, stage })
  }
  const opened = openedGroups(layout, segment)
  const groups = opened.length + (binding === undefined ? 0 : 1)
  const classes = classify({ opened, groups, layout, point, deepChallenge })
  return positions.map((position, at) => {
    const x = pointAt(domain, position)
    const rows = { fixed: 0, main: 0, aux: 0, quotient: 0 }
    const committed = opened.map(({ stage }): Extension => {
      const row = segment.openings[stage].rows[at] ?? []
      if (stage === 'fixed' || stage === 'main') return extension.fromBase(row[rows[stage]++] ?? 0n)
      const start = rows[stage]
      rows[stage] += 3
      return [row[start] ?? 0n, row[start + 1] ?? 0n, row[start + 2] ?? 0n]
    })
    const sum = classes.reduce((total, combination) => extension.add(total, combination.valueAt(x, committed)), extension.zero)
    if (binding === undefined) return sum
    const weight = deepWeight(deepChallenge, groups, groups - 1, 0)
    return extension.add(sum, extension.mul(weight, bindingQuotient(binding, segment.openings.main.rows[at] ?? [], x)))
  })
}

/** (Σ challenge^i · row[i] − value) / (x − point): of low degree only if the committed columns combine to the header's value. */
function bindingQuotient({ challenge, point, value }: Binding, row: readonly bigint[], x: bigint): Extension {
  const combined = row.reduceRight(
    (sum, element) => extension.add(extension.mul(sum, challenge), extension.fromBase(element)),
    extension.zero,
  )
  return extension.mul(extension.sub(combined, value), extension.inverse(extension.sub(extension.fromBase(x), point)))
}

function openedGroups(layout: Layout, { values, quotientValues }: SegmentProof): OpenedGroup[] {
  const stages = (['fixed', 'main', 'aux'] as const).flatMap((stage) =>
    layout.groups[stage].map((group, index) => ({ stage, group, values: values[stage][index] ?? [] })),
  )
  const halves = quotientValues.map((value) => ({ stage: 'quotient' as const, group: { logPack: 0, offsets: [0] }, values: [[value]] }))
  return [...stages, ...halves]
}

/** All groups that are opened at the same point with the same pack factor: their numerators are added before they are divided. */
interface Combination {
  valueAt(x: bigint, committed: readonly Extension[]): Extension
}

function classify({
  opened,
  groups,
  layout,
  point,
  deepChallenge,
}: {
  readonly opened: readonly OpenedGroup[]
  /** Of the combination. */
  readonly groups: number
  readonly layout: Layout
  readonly point: Extension
  readonly deepChallenge: Extension
}): Combination[] {
  const members = new Map<
    string,
    { logPack: number; offset: number; terms: { index: number; weight: Extension; values: readonly Extension[] }[] }
  >()
  opened.forEach(({ group: { logPack, offsets }, values }, index) => {
    offsets.forEach((offset, offsetIndex) => {
      const key = `${logPack}:${offset}`
      const member = members.get(key) ?? { logPack, offset, terms: [] }
      member.terms.push({ index, weight: deepWeight(deepChallenge, groups, index, offsetIndex), values: values[offsetIndex] ?? [] })
      members.set(key, member)
    })
  })
  return [...members.values()].map(({ logPack, offset, terms }) => {
    const pack = 2 ** logPack
    const y = openingPoint(layout, point, logPack, offset)
    const remainder = Array.from({ length: pack }, (_, j) =>
      terms.reduce((sum, { weight, values }) => extension.add(sum, extension.mul(weight, values[j] ?? extension.zero)), extension.zero),
    )
    return {
      valueAt(x, committed) {
        const claimed = remainder.reduceRight((sum, value) => extension.add(extension.scale(sum, x), value), extension.zero)
        const sum = terms.reduce(
          (total, { index, weight }) => extension.add(total, extension.mul(weight, committed[index] ?? extension.zero)),
          extension.zero,
        )
        const divisor = extension.sub(extension.fromBase(base.power(x, BigInt(pack))), y)
        return extension.mul(extension.sub(sum, claimed), extension.inverse(divisor))
      },
    }
  })
}

function checkRows({
  opening: { rows, nodes },
  root,
  width,
  positions,
  log,
  stage,
}: {
  readonly opening: RowOpening
  readonly root: Uint8Array | undefined
  readonly width: number
  readonly positions: readonly number[]
  readonly log: number
  readonly stage: string
}): void {
  const refuse = (reason: string): never => {
    throw new InvalidProofError('openings', `the ${stage} rows ${reason}`)
  }
  if (width === 0) {
    if (rows.length > 0 || nodes.length > 0) refuse('belong to no commitment')
    return
  }
  if (rows.length !== positions.length || rows.some((row) => row.length !== width)) refuse('are not as many or as long as they must be')
  if (!leadsTo(root, { indices: positions, digests: rows.map(hashLeaf), nodes, log })) refuse('are not those that were committed to')
}
