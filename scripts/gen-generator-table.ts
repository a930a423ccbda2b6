// Multiples of secp256k1's generator, which the guest adds up when it recovers a sender.
//   node scripts/gen-generator-table.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { secp256k1 } from '@noble/curves/secp256k1.js'

const target = join(import.meta.dirname, '../guest/src/crypto/secp256k1_generator.c')
const width = 7
const { BASE } = secp256k1.Point
type CurvePoint = typeof BASE

function limbs(value: bigint): string {
  const words = Array.from({ length: 8 }, (_, index) => (value >> BigInt(32 * index)) & 0xffffffffn)
  return `{{${words.map((word) => `0x${word.toString(16).padStart(8, '0')}`).join(', ')}}}`
}

function table(name: string, point: CurvePoint): string {
  const multiples = Array.from({ length: 2 ** (width - 2) }, (_, index) => point.multiply(BigInt(2 * index + 1)))
  const rows = [...multiples, ...multiples.map((multiple) => multiple.negate())]
    .map((multiple) => multiple.toAffine())
    .map(({ x, y }) => `\t{${limbs(x)},\n\t ${limbs(y)}},\n`)
  return `const struct secp256k1_point ${name}[secp256k1_generator_points] = {\n${rows.join('')}};\n`
}

const source = [
  '#include "crypto/secp256k1_generator.h"\n',
  '/* Written by scripts/gen-generator-table.ts. */\n',
  table('secp256k1_generator', BASE),
  table('secp256k1_generator_high', BASE.multiply(2n ** 128n)),
].join('\n')

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
if (!values.check) writeFileSync(target, source)
else if (readFileSync(target, 'utf8') !== source) {
  console.error('guest/src/crypto/secp256k1_generator.c is not what scripts/gen-generator-table.ts writes')
  process.exit(1)
}
