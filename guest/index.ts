export { type GuestExecutorOptions, WorkerGuestExecutor } from './executor/guest-executor.ts'
export { type GuestProgram, guestProgram } from './program.ts'
export { type GuestStatus, guestStatuses, guestStatusOf } from './status.ts'
