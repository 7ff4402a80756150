import { awsServices } from '../../cli/aws';
import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';

const [dev] = loadGuard(shipped, 0).environments;
const { AWS_REGION } = process.env;
afterAll(() => {
  process.env['AWS_REGION'] = AWS_REGION;
});

test('every service has its adapter, in the Region of the environment, and none is asked by making it', () => {
  const services = awsServices({ ...dev!, region: 'eu-west-1' });
  for (const name of Object.keys(services) as (keyof typeof services)[]) expect(services[name]).toBeDefined();
  for (const make of [services.spend, services.mail, services.sessions, services.concurrency])
    expect(make('x')).toBeDefined();
  expect(process.env['AWS_REGION']).toBe('eu-west-1');
  expect(services.pace.elapsedMs()).toBeGreaterThanOrEqual(0);
  expect(services.pace.timeout(10_000).aborted).toBe(false);
});
