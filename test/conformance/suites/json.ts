import { z } from 'zod'
import { bytesToBigint } from '../../../core/index.ts'
import type { Account } from '../cases.ts'

/** Bytes in hex; of a number, possibly an odd count of digits. */
export const Bytes = z
  .string()
  .regex(/^(0x)?[0-9a-fA-F]*$/)
  .transform((text) => {
    const digits = text.replace(/^0x/, '')
    return Uint8Array.from(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'))
  })

export const Quantity = Bytes.transform((bytes) => (bytes.length === 0 ? 0n : bytesToBigint(bytes)))

export const Address = Bytes.refine((bytes) => bytes.length === 20)

const Pre = z.record(z.string(), z.object({ nonce: Quantity, balance: Quantity, code: Bytes, storage: z.record(z.string(), Quantity) }))

export const Accounts = Pre.transform((pre, context): Account[] =>
  Object.entries(pre).map(([key, { storage, ...account }]) => {
    const address = Address.safeParse(key)
    const slots = Object.entries(storage).map(([slot, value]) => [Quantity.safeParse(slot), value] as const)
    if (!address.success || slots.some(([slot]) => !slot.success)) {
      context.addIssue({ code: 'custom', message: `the account ${key} is malformed` })
      return z.NEVER
    }
    return {
      ...account,
      address: address.data,
      storage: slots.flatMap(([slot, value]) => (slot.success ? [[slot.data, value] as const] : [])),
    }
  }),
)

/** What is wrong with a test's JSON, in one line that names the first place. */
export function malformed(error: z.ZodError): string {
  const [issue] = error.issues
  return `malformed: ${issue?.path.filter((part) => typeof part === 'string' && !/^0x|[/[ ]/.test(part)).join('.')}: ${issue?.message}`
}
