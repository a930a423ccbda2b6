/** Registers and RAM begin at timestamp 0; the first instruction makes its accesses at these four. */
export const startTimestamp = 4
export const timestampsPerCycle = 4

/** An access at most this long after the one before it has a proof: the difference less one is a half and a byte. */
export const maxTimestamp = 2 ** 24 - 1

/** The system call that ends a run. */
export const haltNumber = 93
