/** What is done about what upstreams tell; loaded when one tells something. */
export { readNoticedCertificates } from './certificates.ts'
export { receiveNotices } from './receive.ts'
export { answerRound, sendRound } from './round.ts'
