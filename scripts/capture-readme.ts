// Writes into README.md what the devnet prints today; test/e2e/readme.test.ts compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { captureOutput, withCaptures } from '../test/testing/readme-capture.ts'

const path = join(import.meta.dirname, '../README.md')
writeFileSync(path, withCaptures(readFileSync(path, 'utf8'), await captureOutput()))
