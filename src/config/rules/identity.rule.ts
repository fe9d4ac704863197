import type { Problem } from '../config.errors.js';
import type { Rule } from './rule.js';

export const identityRule: Rule = ({ identity }) => {
  if (identity.schemas.length === 0)
    return { problems: [{ path: 'identity.schemas', message: 'must list at least one schema' }] };
  const problems: Problem[] = [];
  const ids = new Set<string>();
  for (const [index, { id, url }] of identity.schemas.entries()) {
    const path = `identity.schemas[${index}]`;
    if (id === '') problems.push({ path: `${path}.id`, message: 'is missing' });
    else if (ids.has(id)) problems.push({ path: `${path}.id`, message: 'must be unique' });
    if (url === '') problems.push({ path: `${path}.url`, message: 'is missing' });
    ids.add(id);
  }
  if (!ids.has(identity.default_schema_id))
    problems.push({ path: 'identity.default_schema_id', message: 'must be the id of one of identity.schemas' });
  return { problems };
};
