import cliProgress from 'cli-progress';
import type { Io } from './io.js';

/** Shows the progress of a command: a bar on a terminal, otherwise a line per tenth. */
export interface Progress {
  show(phase: string, done: number, total: number): void;
  end(): void;
}

/** @param watched whether standard error is a terminal */
export function progressTo(io: Io, watched: boolean): Progress {
  return watched ? bar() : lines(io);
}

function bar(): Progress {
  let current: { phase: string; bar: cliProgress.SingleBar } | undefined;
  const end = (): void => {
    current?.bar.stop();
    current = undefined;
  };
  return {
    end,
    show: (phase, done, total) => {
      if (current?.phase !== phase) {
        end();
        const format = `${phase.padEnd(8)} {bar} {percentage}% | {value} of {total} | {eta_formatted} to go`;
        const single = new cliProgress.SingleBar(
          { format, stream: process.stderr, etaBuffer: 50 },
          cliProgress.Presets.rect,
        );
        single.start(total, 0);
        current = { phase, bar: single };
      }
      current.bar.update(done);
    },
  };
}

function lines(io: Io): Progress {
  let [last, tenths] = ['', 0];
  return {
    end: () => undefined,
    show: (phase, done, total) => {
      const now = total === 0 ? 10 : Math.floor((done * 10) / total);
      if (phase === last && now === tenths) return;
      [last, tenths] = [phase, now];
      io.err(`${phase}: ${done} of ${total}`);
    },
  };
}
