import { fetchVectors } from '../fetched.ts'
import { limboSuite } from './suite.ts'

limboSuite(await fetchVectors('x509-limbo.json'))
