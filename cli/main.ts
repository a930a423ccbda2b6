import { setFlagsFromString } from 'node:v8'
import { CommanderError } from 'commander'
import { DevnetError } from '../core/index.ts'
import { formatError } from './output/error.ts'
import { createProgram } from './program.ts'

// This thread has the young generation that the process was started with (bin.mjs); those that it starts, three of which may work for the node,
// get by with a quarter of it.
setFlagsFromString('--max-semi-space-size=4')

try {
  await createProgram().parseAsync(process.argv)
} catch (error) {
  // commander has printed its own message by now; its errors are all about usage, help and --version aside.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
  process.stderr.write(`${formatError(error)}\n`)
  process.exit(error instanceof DevnetError ? error.exitCode : 1)
}
