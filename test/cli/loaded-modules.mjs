import { registerHooks } from 'node:module';

/* Given to a process with --import: at its end it says on stderr which packages and which folders of ours it loaded. */
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const [, what] = /\/(node_modules\/(?:@[^/]+\/)?[^/]+|dist\/[^/]+)/.exec(url) ?? [];
    if (what !== undefined) loaded.add(what);
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write(`${JSON.stringify([...loaded].sort())}\n`));
