import { Command, Option } from 'commander'
import { type FaultPoint, type Settings, settings } from '../core/index.ts'
import { version } from './version.ts'

/** Settings as flags; defaults are applied later, by `readSettings`, so that the environment can come between. */
function addSettings(command: Command, names: readonly (keyof Settings)[]): Command {
  for (const name of names) {
    const { flag, description, env, default: byDefault } = settings[name]
    const suffix = byDefault === undefined || byDefault === false ? `(env: ${env})` : `(default: ${byDefault}, env: ${env})`
    const option = new Option(flag, `${description} ${suffix}`)
    option.attributeName = () => name
    // `--no-…` is a flag of its own here, not commander's way to turn another one off.
    option.negate = false
    command.addOption(option)
  }
  return command
}

function examples(...lines: readonly (readonly [command: string, meaning: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  return `Examples:\n${lines.map(([command, meaning]) => `  $ ${command.padEnd(width)}  ${meaning}`).join('\n')}\n`
}

const kernelsOption = () => new Option(settings.kernels.flag, settings.kernels.description).env(settings.kernels.env)
const urlOption = () => new Option('--url <url>', 'RPC of the running devnet').default('http://127.0.0.1:3050').env('ZKDEVNET_URL')

export interface ProgramDeps {
  /** Where tests end the process; see `FaultPoint`. */
  readonly faults: FaultPoint
}

/** The command line. Each command is loaded when it runs, so that `--help` and `status` start fast. */
export function createProgram({ faults }: ProgramDeps = { faults: () => {} }): Command {
  const program = new Command('zkdevnet')
    .description('A zkRollup on your laptop: an L1, an L2 that runs unmodified EVM bytecode, and a prover.')
    .version(version)
    .option('--json', 'print data as JSON')
    .option('--quiet', 'print nothing but data and errors')
    .option('-v, --verbose', 'log more; twice for everything', (_value, count: number) => count + 1, 0)
    .enablePositionalOptions(false)
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .addHelpText(
      'before',
      examples(
        ['zkdevnet', 'start, or go on from ./.zkdevnet'],
        ['zkdevnet --ephemeral --port 0', 'a throw-away devnet on a free port'],
        ['zkdevnet status', 'what a running devnet is doing'],
        ['zkdevnet batch list', 'batches and how far they are on L1'],
      ),
    )

  addSettings(program.command('dev', { isDefault: true }), Object.keys(settings) as (keyof Settings)[])
    .description('start the devnet (default)')
    .addHelpText(
      'before',
      examples(
        ['zkdevnet dev', 'state is kept in ./.zkdevnet'],
        ['zkdevnet dev --block-time-ms 1000', 'a block each second'],
        ['zkdevnet dev --l1-url http://127.0.0.1:9545', 'on an L1 of your own'],
      ),
    )
    .action(async (_flags, command: Command) => (await import('./commands/dev.ts')).dev(command.optsWithGlobals(), { faults }))

  program
    .command('status')
    .description('show heads, batches and endpoints of a running devnet')
    .addOption(urlOption())
    .addHelpText('before', examples(['zkdevnet status', 'for people'], ['zkdevnet status --json', 'for scripts']))
    .action(async (_flags, command: Command) => (await import('./commands/status.ts')).status(command.optsWithGlobals()))

  addSettings(program.command('accounts'), ['mnemonic', 'accounts', 'balance'])
    .description('print the dev accounts and their keys')
    .addHelpText('before', examples(['zkdevnet accounts', 'addresses and private keys'], ['zkdevnet accounts --json', 'for scripts']))
    .action(async (_flags, command: Command) => (await import('./commands/accounts.ts')).accounts(command.optsWithGlobals()))

  const batch = program
    .command('batch')
    .description('list, show or seal batches of a running devnet, or prove one again')
    .addHelpText(
      'before',
      examples(
        ['zkdevnet batch list', 'the newest 20'],
        ['zkdevnet batch show 7', 'one, with its L1 transactions'],
        ['zkdevnet batch seal', 'close the open batch now'],
        ['zkdevnet batch retry 7', 'prove it again, after the cause of a failure was removed'],
      ),
    )
  batch
    .command('list')
    .description('the newest batches')
    .addOption(urlOption())
    .option('--limit <n>', 'how many', '20')
    .action(async (_flags, command: Command) => (await import('./commands/batch.ts')).batchList(command.optsWithGlobals()))
  batch
    .command('show <number>')
    .description('one batch')
    .addOption(urlOption())
    .action(async (number: string, _flags, command: Command) =>
      (await import('./commands/batch.ts')).batchShow(number, command.optsWithGlobals()),
    )
  batch
    .command('retry <number>')
    .description('try a proof again of which every attempt failed')
    .addOption(urlOption())
    .action(async (number: string, _flags, command: Command) =>
      (await import('./commands/batch.ts')).batchRetry(number, command.optsWithGlobals()),
    )
  batch
    .command('seal')
    .description('close the open batch')
    .addOption(urlOption())
    .action(async (_flags, command: Command) => (await import('./commands/batch.ts')).batchSeal(command.optsWithGlobals()))

  program
    .command('attack')
    .description('try to cheat L1 with what a running devnet sent it, on a private copy of its L1, and show what L1 answers')
    .addOption(urlOption())
    .addHelpText(
      'before',
      examples(['zkdevnet attack', 'exits with 0 only if every attempt is refused'], ['zkdevnet attack --json', 'for scripts']),
    )
    .action(async (_flags, command: Command) => (await import('./commands/attack.ts')).attack(command.optsWithGlobals()))

  program
    .command('run <program>')
    .description('run a RISC-V program (an ELF file) as `prove` does, without a proof')
    .option('--input <file>', 'private input')
    .option('--profile', 'list the functions that take most cycles')
    .option('--max-cycles <n>', 'stop a run that is longer', '1000000000')
    .addHelpText(
      'before',
      examples(
        ['zkdevnet run program.elf --input data', 'exit code, public output, cycles'],
        ['zkdevnet run program.elf --input data --profile', 'and where the cycles go'],
      ),
    )
    .action(async (elf: string, _flags, command: Command) => (await import('./commands/run.ts')).run(elf, command.optsWithGlobals()))
  program
    .command('prove <program>')
    .description('run a RISC-V program (an ELF file) and prove the run')
    .requiredOption('--out <file>', 'where the proof goes')
    .option('--input <file>', 'private input')
    .option('--threads <n>', 'threads that prove (default: one for each core)')
    .option('--segment-rows <log2>', 'prove in segments of at most 2^this rows, which decide how much memory it takes (default: 20, 3 GiB)')
    .addOption(kernelsOption())
    .addHelpText(
      'before',
      examples(
        ['zkdevnet prove program.elf --input data --out proof', 'prints the exit code and the public output'],
        ['zkdevnet verify proof --program program.elf', 'checks the proof'],
      ),
    )
    .action(async (elf: string, _flags, command: Command) => (await import('./commands/prove.ts')).prove(elf, command.optsWithGlobals()))
  program
    .command('verify <proof>')
    .description('check a proof of the run of a RISC-V program')
    .requiredOption('--program <file>', 'the ELF file whose run it proves')
    .addHelpText('before', examples(['zkdevnet verify proof --program program.elf', 'exits with 0 only if the proof is valid']))
    .action(async (proof: string, _flags, command: Command) =>
      (await import('./commands/verify.ts')).verify(proof, command.optsWithGlobals()),
    )

  addSettings(program.command('recover'), Object.keys(settings) as (keyof Settings)[])
    .description('rebuild the L2 from L1 alone, then seal and settle one more batch')
    .requiredOption('--from-l1', 'the only source there is; asked for so that nothing is rebuilt by mistake')
    .option('--rollup <address>', 'address of the Rollup contract (with --l1-url)')
    .option('--l1-data <path>', 'data directory whose own L1 to read (its L2 is not looked at)')
    .addHelpText(
      'before',
      examples(
        ['zkdevnet recover --from-l1 --l1-data .zkdevnet --data-dir rebuilt', "from the devnet's own L1"],
        ['zkdevnet recover --from-l1 --l1-url URL --rollup 0x… --data-dir rebuilt', 'from an external L1'],
      ),
    )
    .action(async (_flags, command: Command) => (await import('./commands/recover.ts')).recover(command.optsWithGlobals()))

  addSettings(program.command('upgrade'), Object.keys(settings) as (keyof Settings)[])
    .description("have the rollup of a stopped devnet take proofs of this version's guest program, and of --proofs")
    .option('--revert-unproven', 'take back what is committed and not proven; it is committed again under the new program')
    .option('--cancel', 'give up an upgrade that waits')
    .addHelpText(
      'before',
      examples(
        ['zkdevnet upgrade', "on the devnet's own L1: announces it, passes the delay, makes it"],
        ['zkdevnet upgrade --l1-url URL --deployer-key 0x…', 'on an external L1: announces it, or makes it when its time has come'],
        ['zkdevnet upgrade --proofs stark', 'from attestations to proofs'],
      ),
    )
    .action(async (_flags, command: Command) => (await import('./commands/upgrade.ts')).upgrade(command.optsWithGlobals()))

  addSettings(program.command('reset'), ['dataDir'])
    .description('delete the state of a stopped devnet')
    .addHelpText('before', examples(['zkdevnet reset', 'removes ./.zkdevnet']))
    .action(async (_flags, command: Command) => (await import('./commands/reset.ts')).reset(command.optsWithGlobals()))

  return program
}
