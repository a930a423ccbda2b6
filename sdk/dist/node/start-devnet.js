import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { defineZkdevnet, defineZkdevnetL1 } from '../chain.js';
import { devnetArguments } from './arguments.js';
import { DevnetNotReadyError } from './errors.js';
import { launcherPath } from './launcher.js';
/** A devnet that takes longer to end is killed. */
const stopWithinMs = 15_000;
/**
 * Starts a devnet in a process of its own and resolves when it listens: on free ports, in a temporary directory, with attested proofs.
 * It ends with this process at the latest, however that ends.
 * @throws DevnetNotReadyError
 * @example
 * await using devnet = await startDevnet()
 * const client = createPublicClient({ chain: devnet.chain, transport: http() })
 */
export async function startDevnet({ onLog, timeoutMs = 60_000, signal, ...flags } = {}) {
    signal?.throwIfAborted();
    // Nobody writes to its stdin: the devnet stops when our end of the pipe closes, be it because this process is gone.
    const child = spawn(process.execPath, [launcherPath(), ...devnetArguments(flags)], {
        stdio: 'pipe',
        env: { ...process.env, NO_COLOR: '1' },
    });
    const ended = new Promise((resolve) => {
        child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
        child.once('exit', (code, killedBy) => resolve(`it ended with ${killedBy ?? code}`));
    });
    let dataDir;
    const end = async () => {
        child.stdin.end();
        const force = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
        await ended;
        clearTimeout(force);
        // It has removed its temporary directory itself, unless it was killed.
        if (flags.dataDir === undefined && dataDir !== undefined)
            await rm(dataDir, { recursive: true, force: true });
    };
    let ending;
    const stop = () => {
        ending ??= end();
        return ending;
    };
    const lastLines = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
        onLog?.(line);
        lastLines.push(line);
        if (lastLines.length > keptLines)
            lastLines.shift();
    });
    let giveUp = (_reason) => { };
    const givenUp = new Promise((resolve) => {
        giveUp = resolve;
    });
    const timeout = setTimeout(() => giveUp(`it took longer than ${timeoutMs} ms`), timeoutMs);
    const onAbort = () => {
        giveUp('it was aborted');
        void stop();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const line = await Promise.race([firstLine(child.stdout), ended.then(failed), givenUp.then(failed)]);
    clearTimeout(timeout);
    if (typeof line !== 'string') {
        await stop();
        signal?.throwIfAborted();
        throw new DevnetNotReadyError({ reason: line.failure, lastLines });
    }
    // What `zkdevnet dev --json` prints.
    const ready = JSON.parse(line);
    dataDir = ready.dataDir;
    const { l1Url, l2Url, brokerUrl, proofType, contracts, accounts, l1ChainId, l2ChainId } = ready;
    return {
        ...{ l1Url, l2Url, brokerUrl, dataDir, proofType, contracts, accounts },
        l2WebSocketUrl: l2Url.replace(/^http/, 'ws'),
        chain: defineZkdevnet({ l2Url, chainId: l2ChainId, l1ChainId }),
        l1Chain: defineZkdevnetL1({ l1Url, l1ChainId }),
        pid: child.pid ?? 0,
        stop,
        [Symbol.asyncDispose]: stop,
    };
}
/** Lines of its log that the error of a failed start shows. */
const keptLines = 20;
function failed(failure) {
    return { failure };
}
async function firstLine(stdout) {
    const lines = createInterface({ input: stdout });
    // Where there is no line, the process has ended, which is told by its exit.
    return await new Promise((resolve) => lines.once('line', resolve));
}
