/** What is done about what upstreams tell; loaded when one tells something. */
export { receiveNotices } from './receive.ts'
export { answerRound, sendRound } from './round.ts'
