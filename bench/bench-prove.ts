// npm run bench:prove: a run of a program, or with --batch, batches.
await import(process.argv.includes('--batch') ? './prove-batch.ts' : './prove.ts')
