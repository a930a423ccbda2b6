import type { DevnetDatabase } from '../../database/index.ts'

export interface BatchRow {
  number: number
  last_block_hash: string
  state_root: string
  first_block: number
  last_block: number
  last_timestamp: string
  inbox_count: number
  inbox_root: string
  messages_root: string
  state_diff_hash: string
  digest: string
  program_id: string
  proof_type: string
  transaction_count: number
  message_count: number
  deposit_count: number
  state_diff_bytes: number
  sealed_at_ms: number
  proving_ms: number | null
  proof_bytes: number | null
  proof_segments: number | null
  dev_reasons: string
}

export interface StepRow {
  tx_hash: string
  l1_block: number
  l1_time: number
  gas_used: number
}

interface MessageRow {
  tx_hash: string
  tx_number: number
  sender: string
  message: Uint8Array
}

interface ProgressRow {
  last_committed: number
  last_proven: number
  last_executed: number
}

export function prepareBatchStatements({ sqlite }: DevnetDatabase) {
  return {
    latest: sqlite.prepare<[], { latest: number | null }>('SELECT max(number) AS latest FROM batches_batches'),
    add: sqlite.prepare(
      `INSERT INTO batches_batches (number, last_block_hash, state_root, first_block, last_block, last_timestamp, inbox_count, inbox_root,
         messages_root, state_diff_hash, digest, program_id, proof_type, transaction_count, message_count, deposit_count,
         state_diff_bytes, sealed_at_ms, dev_reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addDiff: sqlite.prepare('INSERT INTO batches_state_diffs (batch, diff) VALUES (?, ?)'),
    addInput: sqlite.prepare('INSERT INTO batches_prover_inputs (batch, input) VALUES (?, ?)'),
    addMessage: sqlite.prepare('INSERT INTO batches_messages (batch, id, tx_hash, tx_number, sender, message) VALUES (?, ?, ?, ?, ?, ?)'),
    batch: sqlite.prepare<[number], BatchRow>('SELECT * FROM batches_batches WHERE number = ?'),
    batches: sqlite.prepare<[number, number], BatchRow>('SELECT * FROM batches_batches WHERE number >= ? ORDER BY number LIMIT ?'),
    batchOfBlock: sqlite.prepare<[number, number], { number: number; first_block: number; last_timestamp: string }>(
      'SELECT number, first_block, last_timestamp FROM batches_batches WHERE last_block >= ? AND first_block <= ? ORDER BY last_block LIMIT 1',
    ),
    diff: sqlite.prepare<[number], { diff: Uint8Array }>('SELECT diff FROM batches_state_diffs WHERE batch = ?'),
    input: sqlite.prepare<[number], { input: Uint8Array }>('SELECT input FROM batches_prover_inputs WHERE batch = ?'),
    ofOtherProgram: sqlite.prepare<[number, string, string], { number: number; digest: string }>(
      'SELECT number, digest FROM batches_batches WHERE number > ? AND program_id NOT IN (?, ?) ORDER BY number',
    ),
    setProgram: sqlite.prepare('UPDATE batches_batches SET program_id = ?, proof_type = ? WHERE number = ?'),
    dropInput: sqlite.prepare('DELETE FROM batches_prover_inputs WHERE batch = ?'),
    dropInputs: sqlite.prepare('DELETE FROM batches_prover_inputs WHERE batch <= ?'),
    messages: sqlite.prepare<[number], MessageRow>(
      'SELECT tx_hash, tx_number, sender, message FROM batches_messages WHERE batch = ? ORDER BY id',
    ),
    progress: sqlite.prepare<[], ProgressRow>('SELECT last_committed, last_proven, last_executed FROM batches_progress'),
    setProgress: sqlite.prepare('UPDATE batches_progress SET last_committed = ?, last_proven = ?, last_executed = ?'),
    step: sqlite.prepare<[number, string], StepRow>(
      'SELECT tx_hash, l1_block, l1_time, gas_used FROM batches_l1_steps WHERE batch = ? AND step = ?',
    ),
    setStep: sqlite.prepare(
      'INSERT OR REPLACE INTO batches_l1_steps (batch, step, tx_hash, l1_block, l1_time, gas_used) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    dropSteps: sqlite.prepare('DELETE FROM batches_l1_steps WHERE step = ? AND batch > ?'),
    setProof: sqlite.prepare('UPDATE batches_batches SET proving_ms = ?, proof_bytes = ?, proof_segments = ? WHERE number = ?'),
    verifications: sqlite.prepare<[number], { tx_hash: string; gas_used: number }>(
      'SELECT tx_hash, gas_used FROM batches_verifications WHERE batch = ? ORDER BY id',
    ),
    addVerification: sqlite.prepare('INSERT OR IGNORE INTO batches_verifications (batch, tx_hash, gas_used) VALUES (?, ?, ?)'),
    dropVerifications: sqlite.prepare('DELETE FROM batches_verifications WHERE batch = ?'),
    truncate: sqlite.prepare('DELETE FROM batches_batches WHERE number > ?'),
  }
}
