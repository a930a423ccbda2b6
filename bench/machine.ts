import { readdirSync, readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

/** What a figure was measured on. */
export function machine() {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version }
}

interface ProcessSample {
  readonly parent: number
  readonly residentMiB: number
  readonly cpuMs: number
}

// USER_HZ, 100 on every Linux that Node runs on.
const tickMs = 10

function readCpuMs(statPath: string): { readonly parent: number; readonly cpuMs: number } {
  // The name, in brackets, may hold blanks.
  const fields = readFileSync(statPath, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return { parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs }
}

function readProcess(pid: string): ProcessSample | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return { ...readCpuMs(`/proc/${pid}/stat`), residentMiB: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024 }
  } catch {
    // It ended while we looked.
    return undefined
  }
}

/** A process and all its living descendants (Linux). */
function processTree(root: number): ReadonlyMap<number, ProcessSample> {
  const samples = new Map<number, ProcessSample>()
  for (const entry of readdirSync('/proc')) {
    const sample = /^\d+$/.test(entry) ? readProcess(entry) : undefined
    if (sample !== undefined) samples.set(Number(entry), sample)
  }
  const belongs = (pid: number): boolean => {
    const sample = samples.get(pid)
    return pid === root || (sample !== undefined && belongs(sample.parent))
  }
  return new Map([...samples].filter(([pid]) => belongs(pid)))
}

/** Resident memory of a process and all its descendants, MiB. */
export function residentMiB(pid: number): number {
  return [...processTree(pid).values()].reduce((sum, sample) => sum + sample.residentMiB, 0)
}

/** CPU time that a process has taken, its main thread alone, and its living descendants, ms. */
export function cpuMs(pid: number): { readonly own: number; readonly mainThread: number; readonly descendants: number } {
  const tree = processTree(pid)
  const own = tree.get(pid)?.cpuMs ?? 0
  const mainThread = tree.has(pid) ? readCpuMs(`/proc/${pid}/task/${pid}/stat`).cpuMs : 0
  return { own, mainThread, descendants: [...tree.values()].reduce((sum, sample) => sum + sample.cpuMs, 0) - own }
}
