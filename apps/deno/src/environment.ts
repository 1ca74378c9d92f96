/** The process's settings, by name. */
export type Environment = Readonly<Record<string, string | undefined>>
