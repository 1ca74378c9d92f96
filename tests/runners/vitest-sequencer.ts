import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { longFirst } from './long-files.ts'

/** Vitest's own order, but for the files that take long. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longFirst(await super.sort(files), ({ moduleId }) => moduleId)
  }
}
