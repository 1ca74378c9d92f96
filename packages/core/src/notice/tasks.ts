/** The task of an inbox: send a round to the numbers. */
export const SEND_ROUND = 'send-round'
/** The task of an inbox: read the certificates. */
export const READ_CERTIFICATES = 'read-certificates'
/** The task of a number that a round has come to: look after its key. */
export const ANSWER_ROUND = 'answer-round'
