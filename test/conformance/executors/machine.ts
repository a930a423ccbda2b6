import { readFileSync } from 'node:fs'
import { CycleLimitError, runProgram } from '../../../zkvm/index.ts'
import type { Case, Outcome } from '../cases.ts'
import { runInDriver } from './guest.ts'

/** Half a minute. */
const maxCycles = 1_000_000_000

/** Kind of the log's records that are a driver's answer (guest/test/answer.h). */
const answerRecord = 64

/** The text of the answers among the records of the log, each a kind, a length, and so many bytes. */
function answersIn(log: Buffer): string {
  const answers: Buffer[] = []
  for (let at = 0; at + 8 <= log.length; ) {
    const length = log.readUInt32LE(at + 4)
    if (log.readUInt32LE(at) === answerRecord) answers.push(log.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(answers).toString()
}

/** The guest's RV32IM code in the emulator, with its cryptography as system functions. A program to each driver. */
export const runInMachine = (cases: readonly Case[], programOf: (driver: string) => string): Outcome[] =>
  runInDriver(cases, (driver, input) => {
    const parts: Uint8Array[] = []
    let failure: string | undefined
    let limit: string | undefined
    try {
      const { exitCode } = runProgram({ elf: readFileSync(programOf(driver)), input, maxCycles, onLog: (bytes) => parts.push(bytes) })
      if (exitCode !== 0) failure = `the guest ended with ${exitCode}`
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
      if (error instanceof CycleLimitError) limit = `it takes more than ${maxCycles} cycles`
    }
    return { lines: answersIn(Buffer.concat(parts)).split('\n').slice(0, -1), failure, limit }
  })
