// Compiles contracts/src and writes contracts/generated: typed ABIs and bytecode for the rest of the code.
//   node scripts/gen-contracts.ts            writes
//   node scripts/gen-contracts.ts --check    writes nothing; exit code 1 if the committed files are not what the sources give
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import hre from 'hardhat'

interface GeneratedContract {
  readonly name: string
  readonly folder: 'examples' | 'l1' | 'l1/stark' | 'l2' | 'testing' | 'testing/stark'
  /** Predeploys are put into the genesis as runtime code; the others run their constructor. */
  readonly code: 'creation' | 'runtime'
}

const contracts: readonly GeneratedContract[] = [
  { name: 'AttestedVerifier', folder: 'l1', code: 'creation' },
  { name: 'Bridge', folder: 'l1', code: 'creation' },
  { name: 'Inbox', folder: 'l1', code: 'creation' },
  { name: 'Rollup', folder: 'l1', code: 'creation' },
  { name: 'MachineVerifier', folder: 'l1/stark', code: 'creation' },
  { name: 'SegmentVerifier', folder: 'l1/stark', code: 'creation' },
  { name: 'DigitGate', folder: 'examples', code: 'creation' },
  { name: 'L2BaseToken', folder: 'l2', code: 'runtime' },
  { name: 'L2Inbox', folder: 'l2', code: 'runtime' },
  { name: 'L2Messenger', folder: 'l2', code: 'runtime' },
  { name: 'Multicall3', folder: 'l2', code: 'runtime' },
  { name: 'PublicInputsHarness', folder: 'testing', code: 'creation' },
  { name: 'ChainVerifier', folder: 'testing/stark', code: 'creation' },
  { name: 'FibonacciVerifier', folder: 'testing/stark', code: 'creation' },
  { name: 'FieldHarness', folder: 'testing/stark', code: 'creation' },
  { name: 'GasMeter', folder: 'testing/stark', code: 'creation' },
  { name: 'ReentrantReceiver', folder: 'testing', code: 'creation' },
  { name: 'ReentrantVerifier', folder: 'testing', code: 'creation' },
]

const header = '// Written by scripts/gen-contracts.ts. Do not edit.'
const root = join(dirname(fileURLToPath(import.meta.url)), '../contracts/generated')

/** Path below contracts/generated; what only tests use stays out of the barrel. */
const isPublic = ({ folder }: GeneratedContract): boolean => !folder.startsWith('testing') && folder !== 'examples'
const fileOf = (contract: GeneratedContract): string =>
  isPublic(contract) ? `${contract.name}.ts` : `${contract.folder}/${contract.name}.ts`

async function moduleOf(contract: GeneratedContract): Promise<string> {
  const source = `contracts/src/${contract.folder}/${contract.name}.sol`
  const artifact = await hre.artifacts.readArtifact(`${source}:${contract.name}`)
  if (Object.keys(artifact.linkReferences).length > 0) throw new Error(`${source} needs a library to be linked`)
  if (contract.code === 'runtime') {
    // Nobody runs the constructor of a predeploy.
    if (Object.keys(artifact.immutableReferences ?? {}).length > 0) throw new Error(`${source} is a predeploy and has immutables`)
    if (artifact.abi.some((entry) => entry.type === 'constructor')) throw new Error(`${source} is a predeploy and has a constructor`)
  }
  const prefix = contract.name.charAt(0).toLowerCase() + contract.name.slice(1)
  const [suffix, code] =
    contract.code === 'creation' ? (['Bytecode', artifact.bytecode] as const) : (['DeployedBytecode', artifact.deployedBytecode] as const)
  return [
    header,
    `// Source: ${source}`,
    '',
    `export const ${prefix}Abi = [`,
    ...artifact.abi.map((entry) => `  ${JSON.stringify(entry)},`),
    '] as const',
    '',
    // Not a literal type: nobody needs the compiler to carry kilobytes of hex around.
    `export const ${prefix}${suffix}: \`0x\${string}\` =`,
    `  '${code}'`,
    '',
  ].join('\n')
}

async function generate(): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const contract of contracts) files.set(fileOf(contract), await moduleOf(contract))
  const barrel = contracts.filter(isPublic).map((contract) => `export * from './${fileOf(contract)}'`)
  files.set('index.ts', [header, '', ...barrel.sort(), ''].join('\n'))
  return files
}

function readGenerated(): Map<string, string> {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(paths.map((path) => [path.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]))
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
await hre.tasks.getTask('build').run({ quiet: true })
const wanted = await generate()

if (values.check) {
  const present = readGenerated()
  const drifted = [...new Set([...wanted.keys(), ...present.keys()])].filter((file) => wanted.get(file) !== present.get(file))
  for (const file of drifted) process.stderr.write(`contracts/generated/${file} is not what contracts/src gives\n`)
  if (drifted.length > 0) {
    process.stderr.write('Run `node scripts/gen-contracts.ts`.\n')
    process.exitCode = 1
  }
} else {
  for (const [file, text] of wanted) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  for (const file of readGenerated().keys()) if (!wanted.has(file)) rmSync(join(root, file))
}
