import { type Hex, predeploys } from '../core/index.ts'
import {
  l2BaseTokenDeployedBytecode,
  l2InboxDeployedBytecode,
  l2MessengerDeployedBytecode,
  multicall3DeployedBytecode,
} from './generated/index.ts'

export interface Predeploy {
  readonly address: Hex
  /** Runtime code. */
  readonly code: Hex
}

/** "Beacon block root in the EVM": the runtime code that https://eips.ethereum.org/EIPS/eip-4788 fixes. */
const beaconRootsCode =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500'

/** "Serve historical block hashes from state": the runtime code that https://eips.ethereum.org/EIPS/eip-2935 fixes. */
const historyStorageCode =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500'

/** Deterministic deployment proxy (EIP-7997): calldata is a 32-byte salt and init code; returns the 20 bytes of the CREATE2 address. */
const create2DeployerCode =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'

/** The contracts of the L2 genesis, ascending by address. None has storage of its own or was run through a constructor. */
export const predeployedContracts: readonly Predeploy[] = [
  { address: predeploys.messenger, code: l2MessengerDeployedBytecode },
  { address: predeploys.baseToken, code: l2BaseTokenDeployedBytecode },
  { address: predeploys.inbox, code: l2InboxDeployedBytecode },
  { address: predeploys.historyStorage, code: historyStorageCode },
  { address: predeploys.beaconRoots, code: beaconRootsCode },
  { address: predeploys.create2Deployer, code: create2DeployerCode },
  { address: predeploys.multicall3, code: multicall3DeployedBytecode },
]
