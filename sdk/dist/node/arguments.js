/** The command line of `zkdevnet` for a devnet that prints one line of JSON when it is ready, and stops when its stdin closes. */
export function devnetArguments(flags) {
    const valued = [
        ['--data-dir', flags.dataDir],
        ['--port', flags.port ?? 0],
        ['--l1-port', flags.l1Port ?? 0],
        ['--broker-port', flags.brokerPort ?? 0],
        ['--proofs', 'attested'],
        ['--l1-url', flags.l1Url],
        ['--chain-id', flags.chainId],
        ['--mnemonic', flags.mnemonic],
        ['--accounts', flags.accounts],
        ['--balance', flags.balance],
        ['--block-time-ms', flags.blockTimeMs],
        ['--batch-max-age-ms', flags.batchMaxAgeMs],
        ['--agents', flags.agents],
    ];
    return [
        ...['dev', '--json', '--stop-with-stdin'],
        ...(flags.dataDir === undefined ? ['--ephemeral'] : []),
        ...(flags.noMining === true ? ['--no-mining'] : []),
        ...valued.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)])),
        ...(flags.args ?? []),
    ];
}
