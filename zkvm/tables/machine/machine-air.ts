import type { Air, PublicInteraction } from '../../air/air.ts'
import { aluTable } from '../alu/air.ts'
import { arithmetic256Table } from '../arithmetic256/air.ts'
import { pcBus, publicBus } from '../buses.ts'
import { bytesTable } from '../bytes/air.ts'
import { cpuTable } from '../cpu/air.ts'
import { imageTable } from '../image/air.ts'
import { keccakTable } from '../keccak/air.ts'
import { keccakLookupsTable } from '../keccak/lookups.ts'
import { keccakPortTable } from '../keccak/port-air.ts'
import { memoryTable } from '../memory/air.ts'
import { mulDivTable } from '../muldiv/air.ts'
import { programTable } from '../program/air.ts'
import { publicKind } from '../public-values.ts'
import { ramTable } from '../ram/air.ts'
import { regionsTable } from '../regions/air.ts'
import { systemTable } from '../system/air.ts'

/** The tables of the machine in their order in a proof. */
export const machineTables = {
  cpu: cpuTable,
  alu: aluTable,
  muldiv: mulDivTable,
  memory: memoryTable,
  system: systemTable,
  keccak: keccakTable,
  keccakPort: keccakPortTable,
  arithmetic256: arithmetic256Table,
  ram: ramTable,
  bytes: bytesTable,
  keccakLookups: keccakLookupsTable,
  program: programTable,
  image: imageTable,
  regions: regionsTable,
} as const

export type MachineTableName = keyof typeof machineTables

export const machineTableNames = Object.keys(machineTables) as readonly MachineTableName[]

const publicValueCount = 11

/** A run of a RISC-V program. Public values: `encodePublicValues`. */
export const machineAir: Air = {
  name: 'zkdevnet.machine.v2',
  tables: Object.values(machineTables),
  publicInteractions(publicValues) {
    const [entry, exitCode, hasOutput, ...output] = publicValues
    if (
      entry === undefined ||
      exitCode === undefined ||
      publicValues.length !== publicValueCount ||
      (hasOutput !== 0n && hasOutput !== 1n)
    ) {
      throw new RangeError(`a run has ${publicValueCount} public values, the third of which is 0 or 1`)
    }
    if (publicValues.some((value) => value > 0xffff_ffffn)) throw new RangeError('public values are 32-bit numbers')
    if (hasOutput === 0n && output.some((word) => word !== 0n)) throw new RangeError('a run without output has zeros in place of it')
    const sent = (kind: number, position: number, value: bigint): PublicInteraction => ({
      bus: publicBus,
      multiplicity: 1n,
      tuple: [BigInt(kind), BigInt(position), value],
    })
    const received = output.map((word, position) => ({ ...sent(publicKind.output, position, word), multiplicity: -1n }))
    const begins: PublicInteraction = { bus: pcBus, multiplicity: 1n, tuple: [0n, entry] }
    return [begins, sent(publicKind.exitCode, 0, exitCode), ...(hasOutput === 1n ? received : [])]
  },
}
