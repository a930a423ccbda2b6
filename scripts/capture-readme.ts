// Writes into README.md what the program prints today; test/e2e/{readme,prove}.test.ts compare.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeDirectory, scratchDirectory } from '../test/testing/devnet-process.ts'
import { captureDevnet, captureProof, withCaptures } from '../test/testing/readme-capture.ts'

const path = join(import.meta.dirname, '../README.md')
const folder = scratchDirectory()
try {
  const captures = { ...(await captureDevnet()), ...(await captureProof(folder)) }
  writeFileSync(path, withCaptures(readFileSync(path, 'utf8'), captures))
} finally {
  removeDirectory(folder)
}
