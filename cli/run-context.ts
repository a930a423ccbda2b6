import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEther } from 'viem'
import { type Clock, type FaultPoint, type Logger, readSettings, type Settings } from '../core/index.ts'
import { type DevnetDatabase, openDatabase } from '../database/index.ts'
import { type DevAccount, deriveDevAccounts, type ServiceKeys, serviceKeys } from './accounts.ts'
import { allMigrations, connectL1, type DevnetDeps, type DevnetOptions } from './compose.ts'
import { genesisParameters } from './deployment.ts'
import type { GlobalFlags } from './flags.ts'
import type { L1Connection } from './l1-connection.ts'
import { createLog, logLevel } from './logging.ts'
import { NodeMeta } from './node-meta.ts'
import { createProgress, type Progress } from './output/progress.ts'

/** What a command that runs a devnet begins with: settings, log, accounts, the opened data directory. */
export interface RunContext {
  readonly settings: Settings
  readonly dataDir: string
  readonly database: DevnetDatabase
  readonly meta: NodeMeta
  readonly accounts: readonly DevAccount[]
  readonly keys: ServiceKeys
  readonly balanceWei: bigint
  readonly log: Logger
  readonly clock: Clock
  readonly faults: FaultPoint
  readonly progress: Progress
  readonly logLevel: string
}

/** @throws InvalidSettingError, InvalidMnemonicError and what `openDatabase` throws */
export function openRunContext(flags: GlobalFlags & Record<string, unknown>, { faults }: { readonly faults: FaultPoint }): RunContext {
  const settings = readSettings(flags, process.env)
  const output = { quiet: flags.quiet === true, json: flags.json === true, verbosity: flags.verbose ?? 0 }
  const accounts = deriveDevAccounts(settings.mnemonic, settings.accounts)
  const keys = serviceKeys(settings)
  const progress = createProgress({
    enabled: process.stderr.isTTY && !output.quiet && !output.json,
    nowMs: () => performance.now(),
    write: (text) => process.stderr.write(text),
  })
  progress.step('data')
  const dataDir = settings.ephemeral ? mkdtempSync(join(tmpdir(), 'zkdevnet-')) : resolve(settings.dataDir)
  const database = openDatabase({ dataDir, migrations: allMigrations })
  return {
    ...{ settings, dataDir, database, accounts, keys, faults, progress },
    meta: new NodeMeta(database),
    balanceWei: parseEther(String(settings.balance)),
    log: createLog(output),
    clock: { nowMs: () => Date.now() },
    logLevel: logLevel(output),
  }
}

/** Safe to call at any point of a start or an end. */
export function closeRunContext({ database, dataDir, settings }: RunContext): void {
  database.close()
  if (settings.ephemeral) rmSync(dataDir, { recursive: true, force: true })
}

/** Connects to L1 and says what the devnet is made of. */
export async function prepareDevnet(context: RunContext): Promise<{ l1: L1Connection; options: DevnetOptions; deps: DevnetDeps }> {
  const { settings, accounts, keys, balanceWei, meta, clock, progress } = context
  progress.step(settings.l1Url === undefined ? 'L1' : `L1 at ${settings.l1Url}`)
  const l1 = await connectL1(settings, { accounts, keys }, context)
  const addresses = accounts.map(({ address }) => address)
  const genesis = genesisParameters({ chainId: settings.chainId, addresses, balanceWei }, meta, clock.nowMs())
  return { l1, options: { ...context, genesis }, deps: { ...context, l1 } }
}
