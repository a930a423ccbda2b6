import { encodeDeployData, parseEventLogs, toFunctionSelector } from 'viem'
import { beforeEach, expect, it } from 'vitest'
import { type Hex, hexToBytes } from '../../core/index.ts'
import { attestedVerifierAbi, attestedVerifierBytecode } from '../index.ts'
import { accounts, createL1, type L1 } from './l1-fixture.ts'
import { hashOf, programId, signAttestation } from './rollup-fixture.ts'

const { attester, stranger } = accounts
const digest = hashOf('digest')
const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
let l1: L1
let verifier: Hex

beforeEach(async () => {
  l1 ??= await createL1()
  verifier = await l1.deploy(attestedVerifierAbi, attestedVerifierBytecode, [attester.address])
})

const attest = (digests: readonly Hex[], signatures: readonly Hex[], program = programId) => ({
  from: stranger.address,
  address: verifier,
  abi: attestedVerifierAbi,
  functionName: 'attest',
  args: [program, digests, signatures],
})
const isProven = (program: Hex, fact: Hex) =>
  l1.client.readContract({ address: verifier, abi: attestedVerifierAbi, functionName: 'isProven', args: [program, fact] })

async function expectOtherSigner(call: ReturnType<typeof attest>): Promise<void> {
  // Whose address a signature over something else recovers to is not known beforehand.
  await l1.expectRevert(call, 'AttestedVerifier__SignerMismatch')
}

it('registers what the attester signed, whoever brings it', async () => {
  const other = hashOf('other digest')
  const signatures = [await signAttestation({ verifier, digest }), await signAttestation({ verifier, digest: other })]
  const receipt = await l1.send(attest([digest, other], signatures))
  expect(parseEventLogs({ abi: attestedVerifierAbi, logs: receipt.logs }).map(({ args }) => args)).toEqual([
    { programId, digest },
    { programId, digest: other },
  ])
  expect(await isProven(programId, digest)).toBe(true)
  expect(await isProven(programId, other)).toBe(true)
  expect(await isProven(hashOf('other program'), digest)).toBe(false)
})

it('takes a known fact again without an event', async () => {
  const call = attest([digest], [await signAttestation({ verifier, digest })])
  await l1.send(call)
  expect((await l1.send(call)).logs).toEqual([])
  expect(await isProven(programId, digest)).toBe(true)
})

it('refuses another key', async () => {
  const signature = await signAttestation({ verifier, digest, signer: stranger })
  await l1.expectRevert(attest([digest], [signature]), 'AttestedVerifier__SignerMismatch', [attester.address, stranger.address])
})

it('registers nothing of a call with one bad signature', async () => {
  const good = await signAttestation({ verifier, digest })
  await expectOtherSigner(attest([digest, hashOf('other digest')], [good, good]))
})

it.each([
  ['digest', { digest: hashOf('other digest') }],
  ['program', { program: hashOf('other program') }],
  ['chain', { chainId: 1n }],
  ['contract', { verifier: stranger.address }],
])('refuses a signature for another %s', async (_, change) => {
  await expectOtherSigner(attest([digest], [await signAttestation({ verifier, digest, ...change })]))
})

it('refuses the signature’s other half, with a high s', async () => {
  const signature = await signAttestation({ verifier, digest })
  const s = curveOrder - BigInt(`0x${signature.slice(66, 130)}`)
  const v = signature.endsWith('1b') ? '1c' : '1b'
  const malleated: Hex = `0x${signature.slice(2, 66)}${s.toString(16).padStart(64, '0')}${v}`
  await l1.expectRevert(attest([digest], [malleated]), 'ECDSAInvalidSignatureS', [`0x${s.toString(16).padStart(64, '0')}`])
})

it.each([
  ['no bytes', '0x', 0n],
  ['the 64-byte form of ERC-2098', `0x${'11'.repeat(64)}`, 64n],
  ['a byte too many', `0x${'11'.repeat(66)}`, 66n],
] as const)('refuses a signature of %s', async (_, signature, length) => {
  expect(hexToBytes(signature).length).toBe(Number(length))
  await l1.expectRevert(attest([digest], [signature]), 'ECDSAInvalidSignatureLength', [length])
})

it('refuses a signature that no key can have made', async () => {
  await l1.expectRevert(attest([digest], [`0x${'00'.repeat(65)}`]), 'ECDSAInvalidSignature')
})

it('refuses lists of different lengths', async () => {
  await l1.expectRevert(attest([digest, digest], ['0x']), 'AttestedVerifier__LengthMismatch', [2n, 1n])
})

it('cannot be deployed without an attester', async () => {
  const zero: Hex = `0x${'00'.repeat(20)}`
  const data = encodeDeployData({ abi: attestedVerifierAbi, bytecode: attestedVerifierBytecode, args: [zero] })
  const call = l1.l1.request({ method: 'eth_call', params: [{ data }] })
  await expect(call).rejects.toMatchObject({ data: toFunctionSelector('AttestedVerifier__AttesterIsZero()') })
})
