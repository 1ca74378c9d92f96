import { fetchVectors } from '../fetched.ts'
import { FILES, wycheproofSuite } from './suite.ts'

const texts = await Promise.all(FILES.map(fetchVectors))
wycheproofSuite(new Map(FILES.map((name, index) => [name, texts[index] ?? null])))
