import { CliWorld } from './world';

export const CONFIG = 'spend-guard.config.ts';
export const MODEL = 'amazon.nova-lite-v1:0';
export const NEEDED = {
  '--region': 'us-east-1',
  '--model': MODEL,
  '--limit': '50',
  '--owner': 'team@example.com',
} as const;
export type Needed = Partial<Record<string, string>>;
/** Without those that are undefined. */
export const options = (more: Needed = {}) =>
  Object.entries({ ...NEEDED, ...more }).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
export const init = (...args: readonly string[]) => new CliWorld().run('init', ...args);

/** Somebody at a terminal. */
export async function typed(answers: readonly string[], ...args: readonly string[]) {
  const world = new CliWorld();
  world.answers = [...answers];
  return { ...(await world.run('init', ...args)), asked: world.asked, left: world.answers, regions: world.regions };
}
export const RIGHT = ['dev', 'us-east-1', 'n', MODEL, '50', 'team@example.com', ''];
