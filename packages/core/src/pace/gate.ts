/** Lets a limited number of pieces of work at a time through for each key, first come first served. */
export interface Gate {
  /** Waits for a place; answers what gives it back. The limit is asked for anew whenever a place may be free. */
  enter(key: string, limit: () => number): Promise<() => void>
}

interface Waiting {
  readonly limit: () => number
  readonly admit: () => void
}

export function createGate(): Gate {
  const taken = new Map<string, number>()
  const queues = new Map<string, Waiting[]>()

  const admitNext = (key: string): void => {
    const queue = queues.get(key)
    for (let next = queue?.[0]; next !== undefined; next = queue?.[0]) {
      if ((taken.get(key) ?? 0) >= next.limit()) return
      queue?.shift()
      take(key)
      next.admit()
    }
    queues.delete(key)
  }
  const take = (key: string): void => void taken.set(key, (taken.get(key) ?? 0) + 1)
  const leave = (key: string): void => {
    const left = (taken.get(key) ?? 1) - 1
    if (left === 0) taken.delete(key)
    else taken.set(key, left)
    admitNext(key)
  }

  return {
    enter(key, limit) {
      return new Promise((resolve) => {
        const queue = queues.get(key) ?? []
        queues.set(key, queue)
        const admit = () => {
          let left = false
          resolve(() => {
            if (left) return
            left = true
            leave(key)
          })
        }
        queue.push({ limit, admit })
        admitNext(key)
      })
    },
  }
}
