import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createPublicClient, http, parseAbi, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningDevnet, startDevnet } from '../../../sdk/index.ts'

const project = join(import.meta.dirname, 'project')
const binaries = join(import.meta.dirname, '../../../node_modules/.bin')
const installed = ['cast', 'forge'].every((name) => existsSync(join(binaries, name)))
if (!installed) process.stderr.write('skipped: npm has no cast and forge for this platform\n')

describe.skipIf(!installed)('Foundry, pointed at the devnet by its URL', () => {
  let devnet: RunningDevnet
  let privateKey: string
  beforeAll(async () => {
    for (const folder of ['out', 'cache', 'broadcast']) rmSync(join(project, folder), { recursive: true, force: true })
    devnet = await startDevnet()
    privateKey = devnet.accounts[0]?.privateKey ?? ''
    // Once for all tests: the compiler of npm takes its time.
    await run('forge', 'build')
  })
  afterAll(() => devnet.stop())

  /** Standard output of a command that has to succeed. */
  async function run(command: 'cast' | 'forge', ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await attempt(command, ...args)
    if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)
    return stdout.trim()
  }

  async function attempt(command: 'cast' | 'forge', ...args: readonly string[]) {
    const child = spawn(join(binaries, command), args, {
      cwd: project,
      env: { ...process.env, NO_COLOR: '1', ETH_RPC_URL: devnet.l2Url, COUNTER: counter, FOUNDRY_DISABLE_NIGHTLY_WARNING: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output.stderr += chunk.toString()
    })
    const [code] = await once(child, 'close')
    return { code, ...output }
  }

  let counter = ''
  const rpcUrl = () => ['--rpc-url', devnet.l2Url]

  it('cast reads the chain and sends ether', async () => {
    const to = '0x00000000000000000000000000000000000ca57e'
    expect(await run('cast', 'chain-id')).toBe('313372')
    expect(await run('cast', 'client')).toContain('zkdevnet')
    const sent = JSON.parse(await run('cast', 'send', to, '--value', '1ether', '--private-key', privateKey, '--json'))
    expect(sent).toMatchObject({ status: '0x1', type: '0x2' })
    expect(await run('cast', 'balance', to)).toBe(String(parseEther('1')))
    expect(JSON.parse(await run('cast', 'receipt', sent.transactionHash, '--json')).transactionHash).toBe(sent.transactionHash)
    expect(JSON.parse(await run('cast', 'tx', sent.transactionHash, '--json')).value).toBe('0xde0b6b3a7640000')
    expect(JSON.parse(await run('cast', 'block', 'latest', '--json')).hash).toBe(sent.blockHash)
  })

  it('cast sends from an account of the node', async () => {
    const from = devnet.accounts[1]?.address ?? ''
    const sent = JSON.parse(await run('cast', 'send', '--unlocked', '--from', from, from, '--value', '1', '--json'))
    expect(sent).toMatchObject({ status: '0x1', from: from.toLowerCase() })
  })

  it('forge create deploys', async () => {
    const args = ['src/Counter.sol:Counter', '--broadcast', '--private-key', privateKey, '--json', ...rpcUrl(), '--constructor-args', '7']
    const { deployedTo } = JSON.parse(await run('forge', 'create', ...args))
    expect(await run('cast', 'call', deployedTo, 'number()(uint256)')).toBe('7')
    expect(await run('cast', 'storage', deployedTo, '0')).toBe(`0x${'7'.padStart(64, '0')}`)
    expect((await run('cast', 'code', deployedTo)).length).toBeGreaterThan(100)
    const { code, stderr } = await attempt('cast', 'call', deployedTo, 'fail()')
    expect(stderr).toContain('not today')
    expect(code).toBe(1)
    expect(BigInt(await run('cast', 'estimate', deployedTo, 'increment()'))).toBeGreaterThan(21_000n)
  })

  it('forge script deploys by CREATE2, calls, and broadcasts what it simulated', async () => {
    const output = await run('forge', 'script', 'script/Deploy.s.sol:Deploy', '--broadcast', '--private-key', privateKey, ...rpcUrl())
    expect(output).toContain('ONCHAIN EXECUTION COMPLETE & SUCCESSFUL')
    const [, deployed = ''] = /counter: contract Counter (0x[0-9a-fA-F]{40})/.exec(output) ?? []
    counter = deployed
    expect(await run('cast', 'call', counter, 'number()(uint256)')).toBe('42')
    const logs = JSON.parse(await run('cast', 'logs', '--from-block', '0', '--address', counter, 'Counted(address,uint256)', '--json'))
    expect(logs).toHaveLength(2)
    const client = createPublicClient({ chain: devnet.chain, transport: http() })
    const events = await client.getContractEvents({
      address: counter as `0x${string}`,
      abi: parseAbi(['event Counted(address indexed by, uint256 number)']),
      fromBlock: 0n,
      strict: true,
    })
    expect(events.map(({ args }) => args.number)).toEqual([41n, 42n])
    expect(await run('cast', 'run', logs[1].transactionHash)).toContain('Transaction successfully executed')
  })

  it('forge test runs on a fork of the devnet', async () => {
    expect(await run('forge', 'test', '--fork-url', devnet.l2Url)).toContain('1 passed')
  })
})
