export { type GuestProgram, guestProgram } from './program.ts'
export { type GuestStatus, guestStatuses, guestStatusOf } from './status.ts'
