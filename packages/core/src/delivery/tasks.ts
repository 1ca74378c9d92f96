/** The task of an endpoint: takes new events, and sends what is due. */
export const DELIVER = 'deliver'
