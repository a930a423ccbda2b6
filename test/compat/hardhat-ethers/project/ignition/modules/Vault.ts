import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

export default buildModule('VaultModule', (m) => {
  const unlockTime = m.getParameter('unlockTime')
  const vault = m.contract('Vault', [unlockTime], { value: m.getParameter('amount', 1n) })
  return { vault }
})
