import { registerHooks } from 'node:module';

/* For `node --import`: when the process exits, prints the packages and dist/ folders it loaded on stderr. */
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const [, what] = /\/(node_modules\/(?:@[^/]+\/)?[^/]+|dist\/[^/]+)/.exec(url) ?? [];
    if (what !== undefined) loaded.add(what);
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write(`${JSON.stringify([...loaded].sort())}\n`));
