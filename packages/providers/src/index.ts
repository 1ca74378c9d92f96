import { graph } from './graph/index.ts'
import { kaleyra } from './kaleyra/index.ts'
import { onprem } from './onprem/index.ts'
import { pbx } from './pbx/index.ts'
import { createRegistry } from './registry.ts'

export const providers = createRegistry([graph, onprem, kaleyra, pbx])
