import type { Bus } from '../air/bus.ts'

/** An instruction as the program has it: see `program/`. */
export const programBus: Bus = { name: 'program', id: 1, width: 8 }

/** Values at addresses, in time: (space, address, value, timestamp). Whoever accesses one receives what was there and sends what is there now. */
export const memoryBus: Bus = { name: 'memory', id: 2, width: 4 }

/** Spaces of the memory bus. */
export const space = { ram: 0n, register: 1n } as const

/** (operation, a, b, result), 32-bit each: bitwise operations, shifts and comparisons by `alu`, multiplications and divisions by `muldiv`. */
export const aluBus: Bus = { name: 'alu', id: 3, width: 4 }

/** Loads and stores: (operation, address, value to store, loaded value, timestamp of the access). */
export const loadStoreBus: Bus = { name: 'load-store', id: 5, width: 5 }

/** System calls: (number, a0 before, a0 after, timestamp of the instruction). */
export const systemBus: Bus = { name: 'system', id: 6, width: 4 }

/** Numbers below 2^16. */
export const halfBus: Bus = { name: 'half', id: 7, width: 1 }

/** Pairs of bytes. */
export const bytePairBus: Bus = { name: 'byte-pair', id: 8, width: 2 }

/** (x, y, x AND y) of bytes; the other operations follow: x OR y = x + y − AND, x XOR y = x + y − 2·AND. */
export const byteAndBus: Bus = { name: 'byte-and', id: 9, width: 3 }

/** What the run is about, which the verifier knows: (kind, position, value). */
export const publicBus: Bus = { name: 'public', id: 10, width: 3, scope: 'run' }

/** Where a segment begins: (its place in the run, pc of its first instruction). The verifier sends the first one's, each segment the next one's. */
export const pcBus: Bus = { name: 'pc', id: 4, width: 2, scope: 'run' }

/** What registers and words of RAM hold between segments: (space, address, value, place of the segment that left it there, plus 1). */
export const carriedBus: Bus = { name: 'carried', id: 14, width: 4, scope: 'run' }

/** (x, 2^(x mod 32), 2^(31 − x mod 32)) of bytes: what shifts multiply by. */
export const powerBus: Bus = { name: 'power', id: 11, width: 3 }

/** Words of the program's image: (address, value). */
export const imageBus: Bus = { name: 'image', id: 12, width: 2 }

/** Parts of RAM outside the image: (kind, first address, last address), see `regions/`. */
export const regionBus: Bus = { name: 'region', id: 13, width: 3 }
