const gethWording: Readonly<Record<string, string>> = {
  revert: 'execution reverted',
  'code store out of gas': 'contract creation code storage out of gas',
  'code size to deposit exceeds maximum code size': 'max code size exceeded',
  'invalid JUMP': 'invalid jump destination',
  'static state change': 'write protection',
  'create collision': 'contract address collision',
  'invalid bytecode deployed': 'invalid code: must not begin with 0xef',
  'initcode exceeds max initcode size': 'max initcode size exceeded',
  'insufficient balance': 'insufficient balance for transfer',
  'value out of range': 'return data out of bounds',
}

/** What geth calls an exception of the EVM. */
export function evmErrorWording(error: string): string {
  // ethereumjs may add where it happened: `invalid JUMP at …`.
  return gethWording[error] ?? gethWording[error.replace(/ at .*$/, '')] ?? error
}
