import type { Reporter, TestModule } from 'vitest/node'

/** Says in one plain line how many tests ran, for logs that a program reads. */
// biome-ignore lint/style/noDefaultExport: vitest takes the module's default.
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) for (const test of module.children.allTests()) counts[test.result().state]++
    process.stdout.write(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
  }
}
