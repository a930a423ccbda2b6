import fc from 'fast-check'
import { encodeAbiParameters, encodeFunctionData, type Hex, parseAbi, toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import { hexToBytes } from '../../core/index.ts'
import { consoleText } from './decode.ts'

const text = (signature: string, args: readonly unknown[]) => {
  const types = signature === '' ? [] : signature.split(',')
  const body = encodeAbiParameters(
    types.map((type) => ({ type })),
    args,
  )
  return consoleText(hexToBytes(`${toFunctionSelector(`log(${signature})`)}${body.slice(2)}`))
}
const address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

describe('consoleText', () => {
  it.each([
    ['', [], ''],
    ['uint256', [2n ** 256n - 1n], (2n ** 256n - 1n).toString()],
    ['int256', [-5n], '-5'],
    ['string', ['héllo'], 'héllo'],
    ['bool', [true], 'true'],
    ['address', [address], address],
    ['bytes', ['0x1234'], '0x1234'],
    ['bytes4', ['0xdeadbeef'], '0xdeadbeef'],
    ['bytes32', [`0x${'ab'.repeat(32)}`], `0x${'ab'.repeat(32)}`],
    ['string,uint256', ['answer:', 42n], 'answer: 42'],
    ['string,int256', ['debt:', -42n], 'debt: -42'],
    ['address,bool,string,uint256', [address, false, 'x', 7n], `${address} false x 7`],
    ['string,uint256', ['%d items', 3n], '3 items'],
    ['string,string,uint256', ['%s is %x', 'it', 255n], 'it is 0xff'],
    ['string,uint256', ['100%% of', 3n], '100% of 3'],
    ['string', ['%s stays'], '%s stays'],
  ] as const)('reads log(%s)', (signature, args, expected) => {
    expect(text(signature, args)).toBe(expected)
  })

  it('knows the selectors of `uint` that older libraries have', () => {
    // keccak256("log(string,uint)")
    const word = (value: bigint) => value.toString(16).padStart(64, '0')
    const data: Hex = `0x9710a9d0${word(64n)}${word(5n)}${word(1n)}${'61'.padEnd(64, '0')}`
    expect(consoleText(hexToBytes(data))).toBe('a 5')
  })

  it('reads every combination of up to four arguments', () => {
    const values = { uint256: 7n, string: 'text', bool: true, address } as const
    const type = fc.constantFrom(...(Object.keys(values) as (keyof typeof values)[]))
    fc.assert(
      fc.property(fc.array(type, { maxLength: 4 }), (types) => {
        expect(
          text(
            types.join(','),
            types.map((name) => values[name]),
          ),
        ).toBe(types.map((name) => String(values[name])).join(' '))
      }),
    )
  })

  it('takes no other data for a call of the library, however it is cut or bent', () => {
    const data = hexToBytes(encodeFunctionData({ abi: parseAbi(['function log(string,uint256)']), args: ['some text', 9n] }))
    fc.assert(
      fc.property(fc.nat(data.length), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, bytes) => {
        const bent = data.slice()
        bent.set(bytes.subarray(0, Math.max(0, data.length - at)), at)
        for (const hostile of [bent, data.subarray(0, at), bytes]) expect(['string', 'undefined']).toContain(typeof consoleText(hostile))
      }),
    )
    expect(consoleText(hexToBytes('0xdeadbeef'))).toBeUndefined()
    expect(consoleText(new Uint8Array(0))).toBeUndefined()
    expect(consoleText(new Uint8Array(100_000))).toBeUndefined()
  })
})
