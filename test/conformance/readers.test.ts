import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readFile } from './suites/read-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'zkdevnet-readers-'))
afterAll(() => rmSync(directory, { recursive: true }))

function read(file: string, content: unknown) {
  mkdirSync(dirname(join(directory, file)), { recursive: true })
  writeFileSync(join(directory, file), typeof content === 'string' ? content : JSON.stringify(content))
  return readFile(directory, file)
}

const address = '0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b'
const hash = `0x${'11'.repeat(32)}`
const post = { hash, logs: hash, txbytes: '0xc0', indexes: { data: 0, gas: 0, value: 0 } }
const stateTest = {
  env: { currentCoinbase: address, currentGasLimit: '0x1000', currentNumber: '0x01', currentTimestamp: '0x03e8' },
  pre: { [address]: { nonce: '0x', balance: '0x0de0b6b3a7640000', code: '0x6000', storage: { '0x0': '0x01' } } },
  post: { Cancun: [post, { ...post, expectException: 'TransactionException.NONCE_TOO_LOW' }], Berlin: [post] },
}
const chainTest = {
  network: 'Cancun',
  genesisRLP: '0xc3c0c0c0',
  pre: {},
  lastblockhash: hash,
  blocks: [{ rlp: '0xc0', expectException: 'any' }],
}

const reasons = (file: string, content: unknown): (string | undefined)[] =>
  read(file, content).map(({ content: test }) => (test.kind === 'skipped' ? test.reason : undefined))

describe('the readers of official tests', () => {
  it('make a case of each transaction and fork of a state test, and skip forks that are not supported', () => {
    const [valid, invalid, berlin] = read('GeneralStateTests/a.json', { t: stateTest })
    expect(valid).toMatchObject({
      name: 't Cancun 0',
      content: {
        kind: 'state',
        fork: 'Cancun',
        expected: { stateRoot: hash, isValid: true },
        accounts: [{ nonce: 0n, storage: [[0n, 1n]] }],
      },
    })
    expect(invalid).toMatchObject({ content: { expected: { isValid: false } } })
    expect(berlin?.content).toEqual({ kind: 'skipped', reason: 'the fork Berlin is not supported' })
  })

  it('make one case of a chain, of a transaction per fork, of a trie and of RLP', () => {
    expect(read('BlockchainTests/a.json', { t: chainTest })).toMatchObject([{ content: { kind: 'chain', blocks: [{ isValid: false }] } }])
    const transaction = {
      txbytes: '0xc0',
      result: { Berlin: { exception: 'x' }, Cancun: { exception: 'x' }, Osaka: { sender: address, intrinsicGas: '0x5208' } },
    }
    expect(read('TransactionTests/a.json', { t: transaction })).toMatchObject([
      { name: 't Cancun', content: { expected: null } },
      { name: 't Osaka', content: { expected: { sender: address, intrinsicGas: 21_000n } } },
    ])
    expect(read('TrieTests/a.json', { t: { in: [['a', '0x01']], root: hash } })).toMatchObject([
      { content: { kind: 'trie', changes: [[Uint8Array.of(0x61), Uint8Array.of(1)]] } },
    ])
    expect(read('RLPTests/a.json', { t: { in: 'INVALID', out: 'ff' } })).toMatchObject([{ content: { kind: 'rlp', isValid: false } }])
  })

  it.each([
    ['an unknown suite', 'DifficultyTests/a.json', { t: {} }, 'the suite DifficultyTests is not known'],
    ['no JSON', 'GeneralStateTests/a.json', '{', 'the file does not hold a JSON object'],
    ['a list', 'GeneralStateTests/a.json', [], 'the file does not hold a JSON object'],
    ['a state test without posts', 'GeneralStateTests/a.json', { t: {} }, /^malformed: post/],
    [
      'a state test with a wrong number',
      'GeneralStateTests/a.json',
      { t: { ...stateTest, env: { ...stateTest.env, currentNumber: 'x' }, post: { Cancun: [post] } } },
      /^malformed: env.currentNumber/,
    ],
    [
      'an account whose address is none',
      'GeneralStateTests/a.json',
      { t: { ...stateTest, pre: { '0x01': stateTest.pre[address] }, post: { Cancun: [post] } } },
      /^malformed: pre/,
    ],
    [
      'a transaction that is not given',
      'OsakaStateTests/a.json',
      { t: { ...stateTest, post: { Osaka: [{ ...post, txbytes: undefined }] } } },
      /^malformed: txbytes/,
    ],
    [
      'a chain of another fork',
      'BlockchainTests/a.json',
      { t: { network: 'ShanghaiToCancunAtTime15k' } },
      'the fork ShanghaiToCancunAtTime15k is not supported',
    ],
    ['a chain whose genesis is no block', 'BlockchainTests/a.json', { t: { ...chainTest, genesisRLP: '0x80' } }, /^malformed: genesisRLP/],
    [
      'a chain with requests',
      'BlockchainTests/a.json',
      { t: { ...chainTest, network: 'Prague', blocks: [{ rlp: '0xc0', blockHeader: { requestsHash: hash } }] } },
      /requests/,
    ],
    [
      'a transaction test of old forks',
      'TransactionTests/a.json',
      { t: { txbytes: '0x', result: { Berlin: { exception: 'x' } } } },
      /no result/,
    ],
    ['a test of the order of keys', 'TrieTests/a.json', { t: { in: ['a'], tests: [['a', '', '']] } }, /order of keys/],
  ])('skip, with the reason, %s', (_, file, content, reason) => {
    expect(reasons(file, content)).toEqual([reason instanceof RegExp ? expect.stringMatching(reason) : reason])
  })
})
