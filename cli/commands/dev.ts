import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEther } from 'viem'
import { type FaultPoint, readSettings } from '../../core/index.ts'
import { openDatabase } from '../../database/index.ts'
import { deriveDevAccounts, serviceKeys } from '../accounts.ts'
import { allMigrations, connectL1, type Devnet, type DevnetOptions, openServers, type Servers, startDevnet } from '../compose.ts'
import { genesisParameters } from '../deployment.ts'
import type { L1Connection } from '../l1-connection.ts'
import { createLog, logLevel } from '../logging.ts'
import { NodeMeta } from '../node-meta.ts'
import { formatBanner } from '../output/banner.ts'
import { createProgress } from '../output/progress.ts'
import type { GlobalFlags } from '../program.ts'
import { untilStopped } from '../signals.ts'

/** `zkdevnet dev`: runs until Ctrl+C. */
export async function dev(flags: GlobalFlags & Record<string, unknown>, { faults }: { readonly faults: FaultPoint }): Promise<void> {
  const startedAt = performance.now()
  const settings = readSettings(flags, process.env)
  const output = { quiet: flags.quiet === true, json: flags.json === true, verbosity: flags.verbose ?? 0 }
  const log = createLog(output)
  const clock = { nowMs: () => Date.now() }
  const stopped = untilStopped()
  const progress = createProgress({
    enabled: process.stderr.isTTY && !output.quiet && !output.json,
    nowMs: () => performance.now(),
    write: (text) => process.stderr.write(text),
  })
  const dataDir = settings.ephemeral ? mkdtempSync(join(tmpdir(), 'zkdevnet-')) : resolve(settings.dataDir)

  progress.step('data')
  const database = openDatabase({ dataDir, migrations: allMigrations })
  let l1: L1Connection | undefined
  let devnet: Devnet | undefined
  let servers: Servers | undefined
  try {
    const accounts = deriveDevAccounts(settings.mnemonic, settings.accounts)
    const keys = serviceKeys(settings)
    const balanceWei = parseEther(String(settings.balance))
    progress.step(settings.l1Url === undefined ? 'L1' : `L1 at ${settings.l1Url}`)
    l1 = await connectL1(settings, { accounts, keys }, { database, clock, log, faults })
    const genesis = genesisParameters(
      { chainId: settings.chainId, addresses: accounts.map(({ address }) => address), balanceWei },
      new NodeMeta(database),
      clock.nowMs(),
    )
    const options: DevnetOptions = { settings, dataDir, accounts, keys, genesis, logLevel: logLevel(output) }
    const deps = { database, l1, log, clock, faults, progress }
    devnet = await startDevnet(options, deps)
    progress.step('servers')
    servers = await openServers(options, devnet, deps)
    progress.done()

    const head = devnet.chain.store.head().header.number
    const banner = {
      ...{ info: servers.info, accounts, balanceWei, mnemonic: settings.mnemonic, brokerUrl: devnet.brokerUrl },
      startedInMs: performance.now() - startedAt,
      resumedAtBlock: head === 0n ? null : head,
    }
    const ready = { ...servers.info, accounts, brokerUrl: devnet.brokerUrl, agents: devnet.agents.pids() }
    process.stdout.write(output.json ? `${toJson(ready)}\n` : output.quiet ? '' : `${formatBanner(banner)}\n`)
    const signal = await stopped
    log.info({ signal }, 'stopping')
  } finally {
    await servers?.close()
    await devnet?.stop()
    await l1?.own?.close()
    database.close()
    if (settings.ephemeral) rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Bigints as decimal strings: they are chain ids here. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
}
