import { execFileSync, spawnSync } from 'node:child_process'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '../../core/index.ts'
import { runProgram } from '../../zkvm/index.ts'
import { buildForQemu, buildGuest, buildTestDriver } from '../build.ts'
import { guestProgram } from '../program.ts'

/** Statuses of the guest (src/base/status.h) that tests expect. */
export const guestStatus = {
  outOfMemory: 1,
  hint: 4,
  truncated: 10,
  rlp: 12,
  version: 13,
  order: 14,
  nodeMissing: 20,
  nodeInvalid: 21,
  codeMissing: 22,
  accountInvalid: 23,
  header: 30,
  body: 31,
  transaction: 32,
  signature: 33,
  gasUsed: 34,
  receiptsRoot: 35,
  logsBloom: 36,
  stateRoot: 37,
  transactionsRoot: 38,
  withdrawalsRoot: 39,
  requestsHash: 40,
  inbox: 50,
  beaconRoot: 51,
  batch: 52,
} as const

const maxBuffer = 2 ** 28

const built = new Map<string, string>()

function once(name: string, build: () => string): string {
  const program = built.get(name) ?? build()
  built.set(name, program)
  return program
}

/** What guest/test/NAME.c prints for this input, line by line. */
export function runDriver(name: string, input: Uint8Array): string[] {
  const program = once(name, () => buildTestDriver(name))
  return execFileSync(program, { input, maxBuffer, encoding: 'utf8' }).trimEnd().split('\n')
}

/** The same of a driver for the machine (buildMachineDriver): its answers are records of the log (guest/test/answer.h). */
export function runDriverInMachine(elf: Uint8Array, input: Uint8Array): { readonly lines: string[]; readonly cycles: number } {
  const answerRecord = 64
  const parts: Uint8Array[] = []
  const { exitCode, cycles } = runProgram({ elf, input, maxCycles: 2_000_000_000, onLog: (bytes) => parts.push(bytes) })
  if (exitCode !== 0) throw new Error(`the driver ended with ${exitCode}`)
  const log = Buffer.concat(parts)
  let text = ''
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32LE(at + 4)
    if (log.readUInt32LE(at) === answerRecord) text += log.toString('utf8', at + 8, end)
    at = end
  }
  return { lines: text.trimEnd().split('\n'), cycles }
}

export type GuestRun = { readonly digest: string } | { readonly status: number; readonly failure: string }

/** Runs the guest, built with sanitizers, on a prover input. Throws where it crashed rather than failed. */
export function runGuest(input: Uint8Array): GuestRun {
  const program = once('stf', () => buildGuest({ machine: 'host', sanitize: true }))
  const { status, stdout, stderr, signal } = spawnSync(program, { input, maxBuffer, encoding: 'utf8' })
  if (status === 0) return { digest: stdout.trimEnd() }
  if (status === null || stdout !== '' || !stderr.startsWith('{"status"'))
    throw new Error(`the guest crashed: ${status ?? signal} ${stderr}`)
  return { status, failure: stderr.trimEnd() }
}

/** What the guest, built with sanitizers, makes of each of these prover inputs: a process for all, as starting one takes longest. */
export function runGuestOnEach(inputs: readonly Uint8Array[]): ({ readonly digest: string } | { readonly status: number })[] {
  return runDriver('batch', RLP.encode([...inputs])).map((line) =>
    line.startsWith('failed ') ? { status: Number(line.slice('failed '.length)) } : { digest: line },
  )
}

export function hasQemu(): boolean {
  return spawnSync('qemu-riscv32', ['--version'], { stdio: 'ignore' }).status === 0
}

/** Runs the RV32 code; the exit code is the guest's status. */
export function runGuestInQemu(input: Uint8Array): { readonly digest: string } | { readonly status: number } {
  const program = once('qemu', buildForQemu)
  const { status, stdout, stderr, signal } = spawnSync('qemu-riscv32', [program], { input, maxBuffer, encoding: 'utf8' })
  if (status === 0) return { digest: stdout.trimEnd() }
  if (status === null || stdout !== '') throw new Error(`qemu failed: ${status ?? signal} ${stderr}`)
  return { status }
}

/** Cycles that no test's batch needs: the run stops there. */
const maxCycles = 2_000_000_000

export type MachineRun = { readonly digest: string; readonly cycles: number } | { readonly status: number }

/** Runs the committed program in the machine; `replaceHint` is a dishonest prover's. Throws MachineFaultError where it faults. */
export function runGuestInMachine(input: Uint8Array, replaceHint?: (words: Int32Array) => Int32Array): MachineRun {
  const { elf } = guestProgram()
  const { exitCode, output, cycles } = runProgram({ elf, input, maxCycles, ...(replaceHint && { replaceHint }) })
  if (exitCode === 0 && output !== null) return { digest: bytesToHex(output), cycles }
  if (exitCode === 0 || output !== null) throw new Error(`exit code ${exitCode} ${output === null ? 'without' : 'with'} a digest`)
  return { status: exitCode }
}
