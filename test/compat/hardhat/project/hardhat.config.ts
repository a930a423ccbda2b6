import { fileURLToPath } from 'node:url'
import hardhatToolboxViem from '@nomicfoundation/hardhat-toolbox-viem'
import { defineConfig } from 'hardhat/config'

// The compiler is taken from npm, because tests run without a network. The rest is a stock project.
export default defineConfig({
  plugins: [hardhatToolboxViem],
  solidity: { compilers: [{ version: '0.8.37', path: fileURLToPath(import.meta.resolve('solc/soljson.js')) }] },
  networks: {
    devnet: { type: 'http', url: process.env.DEVNET_URL ?? 'http://127.0.0.1:3050' },
  },
})
