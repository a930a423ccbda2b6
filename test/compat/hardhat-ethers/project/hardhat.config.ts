import { fileURLToPath } from 'node:url'
import hardhatToolboxMochaEthers from '@nomicfoundation/hardhat-toolbox-mocha-ethers'
import hardhatUpgrades, { proxyFilesToBuild } from '@openzeppelin/hardhat-upgrades'
import { defineConfig } from 'hardhat/config'

// The compiler is taken from npm, because tests run without a network. The rest is a stock project.
export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, hardhatUpgrades],
  solidity: {
    compilers: [{ version: '0.8.37', path: fileURLToPath(import.meta.resolve('solc/soljson.js')) }],
    npmFilesToBuild: proxyFilesToBuild(),
  },
  networks: {
    devnet: { type: 'http', url: process.env.DEVNET_URL ?? 'http://127.0.0.1:3050' },
  },
})
