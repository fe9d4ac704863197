import bcrypt from 'bcrypt';
import { expectMoved, move } from './kratos-import.support.js';

/** Imports `people` identities, including some of every kind; resolves to a line of figures. */
export async function moveMany(people: number): Promise<string> {
  const world = await move();
  try {
    const hash = bcrypt.hashSync('correct horse', 4);
    await world.kratos.addMany(people - 3, hash);
    await world.kratos.addWithHash('fast@example.com', '$md5$1N/4J071DayFgZzec20khA==');
    await world.kratos.addWithHash('away@example.com', hash, { state: 'inactive' });
    const id = await world.kratos.addWithHash('app@example.com', hash);
    await world.kratos.signIn(id);
    const start = performance.now();
    const outcome = await world.run({ withSessions: true });
    const seconds = (performance.now() - start) / 1_000;
    expectMoved(outcome, people);
    const { written, verification } = outcome;
    const rate = Math.round(people / written!.seconds);
    return (
      `${people} identities: written in ${written!.seconds.toFixed(1)} s (${rate} a second), ` +
      `planned, written and verified in ${seconds.toFixed(1)} s (${Math.round(people / seconds)} a second), ` +
      `${verification!.equal} of ${verification!.compared} equal`
    );
  } finally {
    await world.stop();
  }
}
