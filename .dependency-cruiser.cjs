// Who may import whom: docs/architecture.md. `from`/`to` are folders at the root.

// The agent is a process of its own: its entry wires it together, as cli/compose.ts does for the node.
const agentEntry = '^prover/agent/main\\.ts$'

const only = (folder, allowed) => ({
  name: `${folder}-imports`,
  comment: `${folder}/ may import only: ${['itself', ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: `\\.test\\.ts$|/testing/|^guest/(test|fuzz)/|${agentEntry}` },
  to: {
    path: '^(core|database|stf|sequencer|prover|contracts|l1|rpc|cli|zkvm|guest|sdk|test|bench|scripts|examples)/',
    pathNot: `^(${[folder, ...allowed].join('|')})/`,
  },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('core', []),
    only('database', ['core']),
    only('contracts', ['core']),
    only('stf', ['core']),
    only('l1', ['core', 'database']),
    only('sequencer', ['core', 'database', 'stf', 'contracts']),
    only('prover', ['core', 'database', 'stf', 'contracts', 'zkvm']),
    only('rpc', ['core']),
    only('zkvm', ['core']),
    only('guest', ['core', 'zkvm']),
    only('sdk', []),
    only('cli', ['core', 'database', 'stf', 'sequencer', 'prover', 'contracts', 'l1', 'rpc', 'guest', 'zkvm']),
    {
      name: 'agent-entry-imports',
      comment: 'The entry of the agent may also take the guest.',
      severity: 'error',
      from: { path: agentEntry },
      to: { path: '^(sequencer|contracts|l1|rpc|cli|test|bench|scripts|examples)/' },
    },
    {
      name: 'index-is-the-door',
      comment: 'Across top-level folders, import from the index.ts of the other one.',
      severity: 'error',
      from: { path: '^(core|database|stf|sequencer|prover|contracts|l1|rpc|cli|zkvm)/', pathNot: '\\.test\\.ts$|/testing/' },
      to: {
        path: '^(core|database|stf|sequencer|prover|contracts|l1|rpc|zkvm)/',
        pathNot: ['^$1/', '/index\\.ts$', '^prover/agent/main\\.ts$'],
      },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: {
        path: '^(core|database|stf|sequencer|prover|contracts|l1|rpc|cli|sdk)/',
        pathNot: '\\.test\\.ts$|/testing/|^contracts/test/',
      },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: '^(?!test/|bench/|scripts/)', pathNot: '\\.test\\.ts$' },
      to: { path: '^test/|\\.test\\.ts$' },
    },
  ],
  options: {
    exclude: { path: '^(node_modules|artifacts|cache|sdk/dist|contracts/generated|test/compat/[^/]+/project)/' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
}
