const ENTRIES_MAX = 10_000

/**
 * The newest version of each aggregate that this isolate has read or written: an older one that comes late from
 * elsewhere is known to be old. Of the least recently changed it forgets.
 */
export class SeenVersions {
  readonly #versions = new Map<string, number>()

  note(id: string, version: number): void {
    const known = this.#versions.get(id) ?? 0
    if (version <= known) return
    // What is put last is forgotten last.
    this.#versions.delete(id)
    if (this.#versions.size >= ENTRIES_MAX) {
      const oldest = this.#versions.keys().next()
      if (oldest.done !== true) this.#versions.delete(oldest.value)
    }
    this.#versions.set(id, version)
  }

  /** Whether a newer version than this is known here. */
  isOld(id: string, version: number): boolean {
    return version < (this.#versions.get(id) ?? 0)
  }
}
