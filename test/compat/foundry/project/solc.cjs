#!/usr/bin/env node
// The compiler of npm behind the two calls that Foundry makes of a solc binary, because tests run without a network.
const { readFileSync } = require('node:fs')
const solc = require('solc')

if (process.argv.includes('--version')) process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`)
else process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
