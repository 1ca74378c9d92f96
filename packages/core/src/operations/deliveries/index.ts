export {
  createEndpoint,
  deleteEndpoint,
  type EndpointPatch,
  newEndpoint,
  type NewEndpoint,
  readEndpoint,
  rotateEndpointSecret,
  updateEndpoint,
} from './endpoints.ts'
export { redeliver } from './redeliver.ts'
export { deliver } from './turn.ts'
