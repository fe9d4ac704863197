/** We stopped waiting for the database, either for a connection from the pool or for an answer. */
export class OutOfTime extends Error {
  constructor(override readonly cause: 'pool wait expired' | 'no answer in time') {
    super(cause);
    this.name = 'OutOfTime';
  }
}
