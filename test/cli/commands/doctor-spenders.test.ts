import { LOG_KEPT_DAYS } from '../../../core/spenders';
import { account, DENIED, examined, LOG, TAG } from './doctor-account';

describe('who spent it', () => {
  test.each<[string, object | undefined, string, RegExp, RegExp | undefined]>([
    ['no such log group', undefined, 'failed', /no such log group in us-east-1/, /create-log-group --region us-east-1/],
    [
      'a log of another class',
      { logClass: 'INFREQUENT_ACCESS', retentionDays: 30 },
      'failed',
      /class INFREQUENT_ACCESS, in which Logs Insights finds no fields/,
      /of the class Standard/,
    ],
    ['an answer without a class', { retentionDays: 30 }, 'unknown', /does not say of which class/, undefined],
    [
      'records that go too soon',
      { logClass: 'STANDARD', retentionDays: LOG_KEPT_DAYS - 1 },
      'warning',
      /keeps records for 5 days/,
      /put-retention-policy --region us-east-1 --log-group-name \/bedrock\/invocations --retention-in-days 7/,
    ],
    [
      'records that stay long enough',
      { logClass: 'STANDARD', retentionDays: LOG_KEPT_DAYS },
      'ok',
      /6 days/,
      undefined,
    ],
    ['records that stay', { logClass: 'STANDARD' }, 'ok', /kept for good/, undefined],
  ])('%s', async (_what, group, status, detail, fix) => {
    const world = account();
    if (group === undefined) world.logGroups.groups.clear();
    else world.logGroups.groups.set(LOG, group);
    const [found] = (await examined(world)).of('invocation-log', LOG);
    expect(found).toMatchObject({ status, detail: expect.stringMatching(detail) });
    if (fix === undefined) expect(found).not.toHaveProperty('fix');
    else
      expect(found).toMatchObject({ fix: expect.stringMatching(fix), who: expect.stringContaining('CloudWatch Logs') });
  });

  test('a log group that may not be looked at is unknown', async () => {
    const world = account();
    world.logGroups.failure = DENIED;
    const { of, why } = await examined(world);
    expect(of('invocation-log', LOG)[0]?.status).toBe('unknown');
    expect(why(`the log group ${LOG}`)).toMatchObject({ reason: 'denied' });
  });

  test.each<[string, object | undefined, string, RegExp, RegExp | undefined]>([
    ['logging is off', undefined, 'failed', /logs no invocations: nobody/, /set model invocation logging to \/bedrock/],
    ['to S3 alone', { isTextDelivered: true }, 'failed', /to S3 alone/, /which replaces what is set now/],
    [
      'to another log group',
      { logGroup: '/other', isTextDelivered: true },
      'failed',
      /to \/other, not to \/bedrock\/invocations/,
      /^name \/other in spenders\.invocationLogs\.logGroup; or set/,
    ],
    ['without text', { logGroup: LOG, isTextDelivered: false }, 'warning', /text is off/, /next report/],
    ['without a word on text', { logGroup: LOG }, 'ok', /logs invocations to \/bedrock\/invocations$/, undefined],
  ])('Bedrock: %s', async (_what, set, status, detail, fix) => {
    const world = account();
    world.invocationLogging.set = set;
    const [found] = (await examined(world)).of('invocation-logging', 'us-east-1');
    expect(found).toMatchObject({ status, detail: expect.stringMatching(detail) });
    if (fix === undefined) expect(found).not.toHaveProperty('fix');
    else expect(found).toMatchObject({ fix: expect.stringMatching(fix), who: expect.stringContaining('Bedrock') });
  });

  test('where Bedrock logs may not be asked: unknown, and not off', async () => {
    const world = account();
    world.invocationLogging.failure = DENIED;
    const { of, why } = await examined(world);
    expect(of('invocation-logging', 'us-east-1')[0]?.status).toBe('unknown');
    expect(why('where Bedrock logs invocations')).toMatchObject({ reason: 'denied' });
  });

  test.each<[string, 'active' | 'inactive' | 'unseen' | 'refused', string, RegExp]>([
    ['active', 'active', 'ok', /divided by its values/],
    ['inactive', 'inactive', 'warning', /not active: all spend is of no value of it/],
    ['not listed', 'unseen', 'warning', /does not list it/],
    ['refused', 'refused', 'unknown', /only the management account/],
  ])(
    'a tag of IAM principals that is %s, and that of the models is another one',
    async (_what, state, status, detail) => {
      const world = account();
      world.tagOf = (key) => {
        if (key !== TAG) return { kind: 'known', state: 'active' };
        return state === 'refused'
          ? { kind: 'unavailable', why: 'only the management account may list cost allocation tags' }
          : { kind: 'known', state };
      };
      const { of, findings, why } = await examined(world);
      expect(of('principal-tag', TAG)[0]).toMatchObject({ status, detail: expect.stringMatching(detail) });
      expect(findings.find(({ check }) => check === 'cost-allocation-tag')?.status).toBe('ok');
      expect(why(`Cost Explorer, and whether ${TAG} is active`) !== undefined).toBe(state === 'refused');
    },
  );
});
