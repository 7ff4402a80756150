import { targetKey, type ManagedFunction } from '../../../core/concurrency/target';
import { makeHandler } from '../../../lambda/auto-stop/handler';
import { ConcurrencyWorld, managed, target } from '../../helpers/concurrency-world';

export const LIVE = target();

export function setUp(functions: readonly ManagedFunction[] = [managed()], value: number | undefined = 5) {
  const world = new ConcurrencyWorld();
  world.concurrency.deploy(LIVE, value);
  const env = {
    ENVIRONMENT: 'dev',
    STATE_TABLE_NAME: 't',
    ALERT_TOPIC_ARN: 'topic',
    DASHBOARD: 'false' as const,
    AWS_REGION: 'us-east-1',
    MANAGED_FUNCTIONS: [...functions],
  };
  const run = () => makeHandler(world.deps(), env)({ command: 'converge' });
  /** The outcome of one function's alias, or of the function as a whole. */
  const outcome = async (functionName = 'models', qualifier?: string) =>
    (await run()).outcomes.find(
      (one) => one.functionName === functionName && (!qualifier || one.qualifier === qualifier),
    );
  return { world, env, run, outcome, record: () => world.state.items.get(targetKey(LIVE)) };
}
