import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProgramSource } from './compile.ts'

function example(name: string, keccak: ProgramSource['keccak']): ProgramSource {
  return { file: join('guest', 'examples', `${name}.c`), keccak }
}

/** What is committed in elf/. */
export const exampleSources = {
  fibonacci: example('fibonacci', 'machine'),
  keccak: example('keccak', 'machine'),
  'keccak-in-c': example('keccak', 'c'),
  sorting: example('sorting', 'machine'),
  digits: example('digits', 'machine'),
} as const satisfies Readonly<Record<string, ProgramSource>>

export type ExampleName = keyof typeof exampleSources

export const exampleNames = Object.keys(exampleSources) as ExampleName[]

export function examplePath(name: ExampleName): string {
  return join(import.meta.dirname, 'elf', `${name}.elf`)
}

/** The committed ELF file. */
export function readExample(name: ExampleName): Uint8Array {
  return readFileSync(examplePath(name))
}
