import { describe, expect, it } from 'vitest'
import { InvalidSettingError, readSettings } from './read-settings.ts'
import { settings } from './settings.ts'

describe('readSettings', () => {
  it('has a default for everything that is required', () => {
    const read = readSettings({}, {})
    expect(read).toMatchObject({ port: 3050, l1Port: 8545, chainId: 313372n, accounts: 10, proofs: 'stark' })
    expect(read.l1Url).toBeUndefined()
  })

  it('prefers a flag to the environment and the environment to the default', () => {
    expect(readSettings({}, { ZKDEVNET_PORT: '4000' }).port).toBe(4000)
    expect(readSettings({ port: '4001' }, { ZKDEVNET_PORT: '4000' }).port).toBe(4001)
  })

  it.each([
    ['port', '70000'],
    ['port', 'x'],
    ['chainId', '0'],
    ['chainId', 'abc'],
    ['l1Url', 'ftp://127.0.0.1'],
    ['sequencerKey', '0x12'],
    ['proofs', 'magic'],
    ['blockTimeMs', '-1'],
  ])('names the flag of an invalid %s', (name, value) => {
    const flag = settings[name as keyof typeof settings].flag.split(' ')[0]
    expect(() => readSettings({ [name]: value }, {})).toThrow(InvalidSettingError)
    expect(() => readSettings({ [name]: value }, {})).toThrow(flag)
  })

  it('has one flag and one environment variable per setting', () => {
    const entries = Object.values(settings)
    expect(new Set(entries.map((entry) => entry.env)).size).toBe(entries.length)
    expect(new Set(entries.map((entry) => entry.flag.split(' ')[0])).size).toBe(entries.length)
  })
})
