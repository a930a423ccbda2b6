// Written by scripts/gen-contracts.ts. Do not edit.

export * from './AttestedVerifier.ts'
export * from './Bridge.ts'
export * from './Inbox.ts'
export * from './L2BaseToken.ts'
export * from './L2Inbox.ts'
export * from './L2Messenger.ts'
export * from './MachineVerifier.ts'
export * from './Multicall3.ts'
export * from './Rollup.ts'
export * from './SegmentVerifier.ts'
