/** The task of a run: do what it is for; once that is done, forget it. */
export const RUN_TRIGGER = 'run-trigger'
