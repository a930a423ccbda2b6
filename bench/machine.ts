import { cpus, totalmem } from 'node:os'

/** What a figure was measured on. */
export function machine() {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version }
}

/** Resident memory of a process and all its descendants, MiB (Linux). */
export async function residentMiB(pid: number): Promise<number> {
  const { readdirSync, readFileSync } = await import('node:fs')
  const parents = new Map<number, number>()
  const resident = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8')
      parents.set(Number(entry), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]))
      resident.set(Number(entry), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024)
    } catch {
      // It ended while we looked.
    }
  }
  const belongs = (candidate: number): boolean => candidate === pid || (parents.has(candidate) && belongs(parents.get(candidate) ?? 0))
  return [...resident].filter(([candidate]) => belongs(candidate)).reduce((sum, [, mib]) => sum + mib, 0)
}
