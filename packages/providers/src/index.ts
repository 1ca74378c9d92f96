import { graphDescription } from './graph/description.ts'
import { kaleyraDescription } from './kaleyra/description.ts'
import { onpremDescription } from './onprem/description.ts'
import { pbxDescription } from './pbx/description.ts'
import { createRegistry } from './registry.ts'

export const providers = createRegistry([
  { ...graphDescription, load: async () => (await import('./graph/index.ts')).graph },
  { ...onpremDescription, load: async () => (await import('./onprem/index.ts')).onprem },
  { ...kaleyraDescription, load: async () => (await import('./kaleyra/index.ts')).kaleyra },
  { ...pbxDescription, load: async () => (await import('./pbx/index.ts')).pbx },
])
