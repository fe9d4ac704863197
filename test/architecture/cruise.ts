import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import configuration from '../../dependency-cruiser.config.mjs';

/** The violations in `src/` below `baseDir`, sorted, as `rule: from → to`. */
export async function violations(baseDir: string): Promise<string[]> {
  const { forbidden, options } = configuration;
  const result = await cruise(['src'], { ...options, baseDir, ruleSet: { forbidden }, validate: true }, undefined, {
    tsConfig: extractTSConfig('tsconfig.json'),
  });
  if (typeof result.output === 'string') throw new Error('expected a result object');
  return result.output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort();
}
