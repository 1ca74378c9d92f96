/** The one task of a certificate: look after what is on its way. */
export const INSTALL = 'install'
/** The task of what is staged: erase what nobody took. */
export const SWEEP_STAGED = 'sweep-staged'
/** The task of a connection that keeps certificates: read them all, once a day. */
export const REFRESH = 'refresh-certificates'
