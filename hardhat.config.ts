import { fileURLToPath } from 'node:url'
import { defineConfig } from 'hardhat/config'

// The compiler is the npm package's WebAssembly build: nothing is downloaded, and the bytecode is the same everywhere.
export default defineConfig({
  paths: { sources: './contracts/src' },
  solidity: {
    compilers: [
      {
        version: '0.8.37',
        path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
        settings: { optimizer: { enabled: true, runs: 10_000 }, evmVersion: 'osaka', viaIR: false, metadata: { bytecodeHash: 'none' } },
      },
    ],
  },
})
