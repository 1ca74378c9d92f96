/** One figure of a benchmark, and what it may be. */
export interface Row {
  /** The same from run to run: `read/deno`. */
  readonly id: string
  readonly what: string
  readonly value: number
  /** `×` for a ratio. */
  readonly unit: '×' | 'ms' | 's' | '/s' | 'KB' | 'MB'
  /** What it must not get worse than; null where it is told for comparison alone. */
  readonly bound: number | null
  /** What it is to become, where it is not there yet. */
  readonly aim?: number
  /** Which side of its bound and its aim it has to be on. */
  readonly direction: 'at least' | 'at most'
}

/** Tells how far a long piece of work has come. */
export type Say = (line: string) => void

/** Measures something, within a few minutes. @throws Error where it cannot be measured */
export type Bench = (say: Say) => Promise<readonly Row[]>
