/** What is done with triggers; loaded when there is something to do. */
export { reachOf, requireAim, scopesOf } from './aim.ts'
export { fireTrigger, type Firing } from './fire.ts'
export { runTrigger } from './run.ts'
export { addTriggerSecret, createTrigger, readTrigger, removeTrigger } from './store.ts'
