/** For engines on SQLite: changes an event's data; takes its subject and its sequence. */
export const TAMPER = `UPDATE events SET data = '{"step":-1}' WHERE subject = ? AND sequence = ?`

/** For engines on SQLite: a commit that sets a task fails after its state and events were written. */
export const BREAK_TASKS = `CREATE TRIGGER broken BEFORE INSERT ON tasks
  BEGIN SELECT RAISE(ABORT, 'the disk reports an error'); END`

/** For engines on SQLite: removes the newest event of a subject; takes the subject twice. */
export const CUT_OFF = `DELETE FROM events WHERE subject = ?
  AND sequence = (SELECT max(sequence) FROM events WHERE subject = ?)`

/** For engines on SQLite: makes the data of a subject's tasks no JSON; takes the subject. */
export const DAMAGE_TASKS = `UPDATE tasks SET data = '{' WHERE id = ?`
