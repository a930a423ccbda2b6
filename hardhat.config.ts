import { fileURLToPath } from 'node:url'
import { defineConfig } from 'hardhat/config'

// The compiler is the npm package's WebAssembly build: nothing is downloaded, and the bytecode is the same everywhere.
function compiler(runs: number) {
  return {
    version: '0.8.37',
    path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
    settings: { optimizer: { enabled: true, runs }, evmVersion: 'osaka', viaIR: false, metadata: { bytecodeHash: 'none' } },
  }
}

export default defineConfig({
  paths: { sources: './contracts/src' },
  solidity: {
    compilers: [compiler(10_000)],
    // A verifier of proofs is as large as a contract may be (EIP-170).
    overrides: { 'contracts/src/testing/stark/FibonacciVerifier.sol': compiler(200) },
  },
})
