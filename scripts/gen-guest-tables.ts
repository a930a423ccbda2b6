// Constants of the guest: multiples of secp256k1's generator, which it adds up to recover a sender, and the Inbox's empty subtrees.
//   node scripts/gen-guest-tables.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { concatBytes, inboxTreeDepth, keccak256 } from '../core/index.ts'

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

function emptySubtrees(): string {
  const roots: Uint8Array[] = [new Uint8Array(32)]
  for (const below of roots) if (roots.length < inboxTreeDepth) roots.push(keccak256(concatBytes(Uint8Array.of(1), below, below)))
  return roots.map((root) => `\t{{${[...root].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')}}},\n`).join('')
}

const notice = '/* Written by scripts/gen-guest-tables.ts. */'
const files: Readonly<Record<string, string>> = {
  'crypto/secp256k1_generator.c': [
    '#include "crypto/secp256k1_generator.h"\n',
    `${notice}\n`,
    table('secp256k1_generator', BASE),
    table('secp256k1_generator_high', BASE.multiply(2n ** 128n)),
  ].join('\n'),
  'rollup/inbox_empty.c': [
    '#include "rollup/inbox_empty.h"\n',
    `${notice}\n`,
    `const struct bytes32 inbox_empty[inbox_depth] = {\n${emptySubtrees()}};\n`,
  ].join('\n'),
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
for (const [name, source] of Object.entries(files)) {
  const target = join(import.meta.dirname, '../guest/src', name)
  if (!values.check) writeFileSync(target, source)
  else if (readFileSync(target, 'utf8') !== source) {
    console.error(`guest/src/${name} is not what scripts/gen-guest-tables.ts writes`)
    process.exit(1)
  }
}
