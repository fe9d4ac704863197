import { pino, type Logger } from 'pino';
import type { LogConfig } from '../config/index.js';

/** Kratos' level names that pino doesn't have. */
const LEVELS: Record<string, string> = { warning: 'warn', panic: 'fatal' };

/** Logs to stderr, one line per event. Stdout is for the results of commands. */
export function createLogger(log: Pick<LogConfig, 'level' | 'format'>): Logger {
  const options = { level: LEVELS[log.level] ?? log.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (log.format !== 'text') return pino(options, pino.destination(2));
  return pino(options, { write: (line: string) => void process.stderr.write(readable(line)) });
}

function readable(line: string): string {
  const { time, level, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const label = pino.levels.labels[Number(level)] ?? 'info';
  const fields = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return `${String(time)} ${label.padEnd(5)} ${String(msg)} ${fields.join(' ')}\n`;
}
