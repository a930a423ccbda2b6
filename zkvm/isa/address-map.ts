/** The machine's memory, in bytes; README.md tells what lies where. */
export const addressMap = {
  ramStart: 0x0001_0000,
  /** Conventional start of `sp`. */
  stackTop: 0x0100_0000,
  /** First address past what an ELF file may fill. */
  imageEnd: 0x2000_0000,
  /** A word with the length of the private input. */
  inputStart: 0x2000_0000,
  inputBytesStart: 0x2000_0010,
  ramEnd: 0x3000_0000,
} as const

export const maxInputLength = addressMap.ramEnd - addressMap.inputBytesStart
