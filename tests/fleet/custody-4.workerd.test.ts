import { custodyOnObjects } from './custody-on-objects.ts'

custodyOnObjects(4)
