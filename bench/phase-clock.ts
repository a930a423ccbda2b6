export interface Seconds {
  wall: number
  cpu: number
}

/** Adds up what passes between calls under the name given before: wall time, and CPU time of all threads. */
export class PhaseClock {
  readonly phases: Record<string, Seconds> = {}
  #current: string | undefined
  #wall = 0
  #cpu = process.cpuUsage()

  begin(phase: string | undefined): void {
    const wall = performance.now()
    if (this.#current !== undefined) {
      const { user, system } = process.cpuUsage(this.#cpu)
      const sum = this.phases[this.#current] ?? { wall: 0, cpu: 0 }
      this.phases[this.#current] = { wall: sum.wall + (wall - this.#wall) / 1e3, cpu: sum.cpu + (user + system) / 1e6 }
    }
    this.#current = phase
    this.#wall = wall
    this.#cpu = process.cpuUsage()
  }
}

export function rounded({ wall, cpu }: Seconds): Seconds {
  return { wall: Number(wall.toFixed(2)), cpu: Number(cpu.toFixed(2)) }
}

export function summed(times: readonly Seconds[]): Seconds {
  return times.reduce((sum, time) => ({ wall: sum.wall + time.wall, cpu: sum.cpu + time.cpu }), { wall: 0, cpu: 0 })
}
