import type { FaultPoint } from '../../core/index.ts'
import { type Devnet, openServers, type Servers, startDevnet } from '../compose.ts'
import type { GlobalFlags } from '../flags.ts'
import type { L1Connection } from '../l1-connection.ts'
import { formatBanner } from '../output/banner.ts'
import { closeRunContext, openRunContext, prepareDevnet } from '../run-context.ts'
import { untilStdinCloses, untilStopped } from '../signals.ts'

/** `zkdevnet dev`: runs until Ctrl+C. */
export async function dev(flags: GlobalFlags & Record<string, unknown>, { faults }: { readonly faults: FaultPoint }): Promise<void> {
  const startedAt = performance.now()
  const stopped = untilStopped()
  const context = openRunContext(flags, { faults })
  let l1: L1Connection | undefined
  let devnet: Devnet | undefined
  let servers: Servers | undefined
  try {
    const prepared = await prepareDevnet(context)
    l1 = prepared.l1
    devnet = await startDevnet(prepared.options, prepared.deps)
    context.progress.step('servers')
    servers = await openServers(prepared.options, devnet, prepared.deps)
    context.progress.done()

    const { accounts, balanceWei, settings, log } = context
    const { info } = servers
    const { brokerUrl, agents, chain } = devnet
    const head = chain.store.head().header.number
    if (flags.json === true) process.stdout.write(`${toJson({ ...info, accounts, brokerUrl, agents: agents.pids() })}\n`)
    else if (flags.quiet !== true) {
      const banner = formatBanner({
        ...{ info, accounts, balanceWei, brokerUrl, mnemonic: settings.mnemonic },
        startedInMs: performance.now() - startedAt,
        resumedAtBlock: head === 0n ? null : head,
      })
      process.stdout.write(`${banner}\n`)
    }
    const reason = await Promise.race(settings.stopWithStdin ? [stopped, untilStdinCloses()] : [stopped])
    log.info({ reason }, 'stopping')
  } finally {
    await servers?.close()
    await devnet?.stop()
    await l1?.own?.close()
    closeRunContext(context)
  }
}

/** The only bigints here are chain ids. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner))
}
