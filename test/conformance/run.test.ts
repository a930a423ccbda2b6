import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { RLP } from '@ethereumjs/rlp'
import { createTx } from '@ethereumjs/tx'
import { afterAll, describe, expect, it } from 'vitest'
import { bytesToHex } from '../../core/index.ts'
import { createCommon } from '../../stf/chain-config.ts'

const directory = mkdtempSync(join(tmpdir(), 'zkdevnet-conformance-'))
afterAll(() => rmSync(directory, { recursive: true }))

function archiveOf(name: string, files: Readonly<Record<string, unknown>>): string {
  const content = join(directory, name)
  for (const [path, json] of Object.entries(files)) {
    mkdirSync(dirname(join(content, path)), { recursive: true })
    writeFileSync(join(content, path), JSON.stringify(json))
  }
  const archive = join(directory, `${name}.tar.xz`)
  execFileSync('tar', ['-cJf', archive, '-C', content, '.'])
  return archive
}

const runner = join(import.meta.dirname, 'run.ts')
const run = (...args: string[]) => spawnSync(process.execPath, [runner, ...args], { encoding: 'utf8' })

/** A state test of JUMPDEST PUSH1 0 JUMP with as much gas as there may be. */
function endless(): unknown {
  const loop = `0x${'22'.repeat(20)}` as const
  const gasLimit = 2n ** 62n
  const common = createCommon({ chainId: 1n, fork: 'cancun' })
  const transaction = createTx({ nonce: 0n, to: loop, gasLimit, gasPrice: 10n }, { common }).sign(new Uint8Array(32).fill(1))
  const sender = bytesToHex(transaction.getSenderAddress().bytes)
  return {
    env: {
      currentCoinbase: loop.replaceAll('2', '3'),
      currentGasLimit: `0x${gasLimit.toString(16)}`,
      currentNumber: '0x01',
      currentTimestamp: '0x03e8',
      currentBaseFee: '0x01',
    },
    pre: {
      [sender]: { nonce: '0x', balance: `0x${(2n ** 200n).toString(16)}`, code: '0x', storage: {} },
      [loop]: { nonce: '0x01', balance: '0x', code: '0x5b600056', storage: {} },
    },
    post: {
      Cancun: [{ hash: emptyRoot, logs: emptyRoot, txbytes: bytesToHex(transaction.serialize()), indexes: { data: 0, gas: 0, value: 0 } }],
    },
  }
}

const emptyRoot = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'
const files = {
  'TrieTests/trie.json': { empty: { in: [['a', null]], root: emptyRoot } },
  'RLPTests/rlp.json': { list: { in: [], out: bytesToHex(RLP.encode([Uint8Array.of(1)])) } },
  'SomethingElse/a.json': { a: 1 },
  'BlockchainTests/a.json': { old: { network: 'Frontier' } },
}

describe('the conformance runner', () => {
  it('counts what it cannot run as skipped, with the reason', () => {
    const { status, stdout } = run('--json', '--archive', archiveOf('good', files))
    const summary = JSON.parse(stdout)
    expect(summary.failed).toEqual([])
    expect(summary.total).toMatchObject({ cases: 4, skipped: 2, library: { ran: 2, passed: 2 } })
    expect(summary.skipped.map(({ reason }: { reason: string }) => reason)).toEqual([
      'the fork Frontier is not supported',
      'the suite SomethingElse is not known',
    ])
    expect(status).toBe(0)
  })

  it('exits with 1 and names the case when one does not have its result', () => {
    const wrong = { ...files, 'TrieTests/wrong.json': { wrong: { in: [['a', 'b']], root: emptyRoot } } }
    const { status, stdout } = run('--archive', archiveOf('wrong', wrong), '--filter', 'TrieTests')
    expect(status).toBe(1)
    expect(stdout).toMatch(/TrieTests\/wrong\.json wrong \(library\)/)
    expect(stdout).not.toMatch(/RLPTests/)
  })

  it('gives up a case that takes too long, and goes on', () => {
    const slow = { ...files, 'GeneralStateTests/loop.json': { loop: endless() } }
    const { stdout } = run('--json', '--case-limit', '5', '--archive', archiveOf('slow', slow))
    const summary = JSON.parse(stdout)
    expect(summary.skipped).toContainEqual(
      expect.objectContaining({ of: 'library', reason: 'it takes more than 5 s', files: ['GeneralStateTests/loop.json'] }),
    )
    expect(summary.total).toMatchObject({ cases: 5, skipped: 2, library: { ran: 2, passed: 2 } })
  })

  it('says so, and exits with 0, where the archive is absent', () => {
    const { status, stdout } = run('--archive', join(directory, 'absent.tar.xz'))
    expect(stdout).toMatch(/0 ran, all skipped: .*absent\.tar\.xz does not exist/)
    expect(status).toBe(0)
  })

  it('fails where the archive cannot be unpacked', () => {
    writeFileSync(join(directory, 'broken.tar.xz'), 'no archive')
    const { status, stderr } = run('--archive', join(directory, 'broken.tar.xz'))
    expect(status).toBe(1)
    expect(stderr).toMatch(/cannot be unpacked/)
  })
})
