export { type CopyTablesOptions, copyTables } from './copy-tables.ts'
export { type DevnetDatabase, type OpenDatabaseOptions, openConnection, openDatabase, openMemoryDatabase } from './database.ts'
export {
  DataCorruptError,
  DataDirectoryError,
  DataDiskFullError,
  DataLockedError,
  DataVersionError,
  translateSqliteError,
} from './errors.ts'
export type { Migration, MigrationSet } from './migrations.ts'
export { NoDevnetHereError, removeData } from './remove.ts'
