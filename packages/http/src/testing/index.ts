export { Authority, derOf, fingerprintOf } from './certificates.ts'
export { type Certificate, type Listener, listenTcp } from './loopback.ts'
