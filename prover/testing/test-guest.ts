import { guestProgram, WorkerGuestExecutor } from '../../guest/index.ts'

/** The guest as it is committed. Its thread ends by itself. */
export const testGuest = new WorkerGuestExecutor({ program: guestProgram() })
