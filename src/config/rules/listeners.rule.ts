import { bindsToLoopback } from '../../platform/ip/index.js';
import type { Problem } from '../config.errors.js';
import type { Rule } from './rule.js';

const isEveryInterface = (host: string): boolean => ['', '0.0.0.0', '::', '[::]'].includes(host);

/** Checks ports, and who can reach the admin API. */
export const listenersRule: Rule = ({ serve, regain }) => {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const [open, admin] = [serve.public, serve.admin];
  const meet = open.host === admin.host || isEveryInterface(open.host) || isEveryInterface(admin.host);
  if (open.port === admin.port && meet)
    problems.push({ path: 'serve.admin.port', message: 'must differ from serve.public.port' });

  const loopback = bindsToLoopback(open.host) && bindsToLoopback(admin.host);
  if (regain.admin.authentication === 'none' && (!loopback || regain.serve.single_host))
    problems.push({
      path: 'regain.admin.authentication',
      message: 'may be none only while both listeners are loopback and regain.serve.single_host is false',
    });
  if (regain.serve.single_host && !loopback)
    warnings.push('regain.serve.single_host: admin routes are reachable on a listener beyond loopback');
  return { problems, warnings };
};
