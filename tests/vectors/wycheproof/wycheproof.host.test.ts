import { readVectors } from '../files.ts'
import { FILES, wycheproofSuite } from './suite.ts'

wycheproofSuite(new Map(FILES.map((name) => [name, readVectors(name)])))
