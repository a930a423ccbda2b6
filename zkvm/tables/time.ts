/** Registers and RAM begin at timestamp 0; the first instruction makes its accesses at these four. */
export const startTimestamp = 4
export const timestampsPerCycle = 4

/** The system call that ends a run. */
export const haltNumber = 93
