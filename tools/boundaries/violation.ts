export interface Violation {
  readonly path: string
  readonly line: number
  readonly rule: string
  /** What is there, and why it may not be. */
  readonly message: string
}

export const format = ({ path, line, rule, message }: Violation): string =>
  `${path}:${line}  ${rule}\n    ${message}`

/** What only tests use: they may reach further than the sources they test. */
export const isTestSupport = (path: string): boolean =>
  /\.(test|fixture)\.ts$|\/(testing|suite)(\/|\.ts$)|\/fixtures\//.test(path) ||
  /^(tests|tools)\//.test(path)

/** Whether `path` is `folder` or lies in it; an empty folder holds everything. */
export const isIn = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)
