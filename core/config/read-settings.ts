import { DevnetError } from '../errors.ts'
import { type Settings, settings } from './settings.ts'

export class InvalidSettingError extends DevnetError {
  override name = 'InvalidSettingError'
  constructor({ flag, env, value, reason }: { flag: string; env: string; value: unknown; reason: string }) {
    super(`${flag} cannot be ${JSON.stringify(value)}: ${reason}`, {
      code: 'INVALID_SETTING',
      exitCode: 2,
      metaMessages: [`Set it with ${flag} or ${env}; \`zkdevnet dev --help\` lists every setting.`],
    })
  }
}

/**
 * One setting from its flag, then the environment, then the default.
 * @throws InvalidSettingError naming the flag
 */
export function readSetting<K extends keyof Settings>(
  name: K,
  { flag, env }: { readonly flag?: unknown; readonly env: Readonly<Record<string, string | undefined>> },
): Settings[K] {
  const entry = settings[name]
  const value = flag ?? env[entry.env] ?? entry.default
  const parsed = entry.schema.safeParse(value)
  if (!parsed.success) {
    const reason = parsed.error.issues[0]?.message ?? 'invalid'
    throw new InvalidSettingError({ flag: entry.flag.split(' ')[0] ?? entry.flag, env: entry.env, value, reason })
  }
  return parsed.data as Settings[K]
}

/**
 * Settings from flags, then the environment, then the defaults.
 * @param flags by setting name; a missing or undefined one was not given
 * @throws InvalidSettingError naming the flag
 */
export function readSettings(flags: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string | undefined>>): Settings {
  const names = Object.keys(settings) as (keyof Settings)[]
  // One entry per key of `settings`, each parsed by its own schema.
  return Object.fromEntries(names.map((name) => [name, readSetting(name, { flag: flags[name], env })])) as unknown as Settings
}
