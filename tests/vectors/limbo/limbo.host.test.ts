import { readVectors } from '../files.ts'
import { limboSuite } from './suite.ts'

limboSuite(readVectors('x509-limbo.json'))
