import { assessCanary, canaryRecord, cheapestForCanary, monthlyCost } from '../../../core/health/canary';
import { assessCostTag } from '../../../core/health/cost-tag';
import type { Answer } from '../../../core/health/finding';
import { assessQuotas } from '../../../core/health/quotas';
import { assessSubscriptions } from '../../../core/health/subscriptions';
import { formatUsd } from '../../../core/money';
import { picoUsdPerToken, type ModelPrice } from '../../../core/prices';
import type { EmailSubscription } from '../../../core/health/ports';
import type { Refusal } from '../../../core/errors';

const known = <T>(value: T): Answer<T> => ({ kind: 'known', value, latencyMs: 1 });
const refused = (refusal: Refusal): Answer<never> => ({
  kind: 'unavailable',
  problem: { refusal, errorName: 'SomeException', text: 'no' },
  latencyMs: 1,
});

describe('e-mail subscriptions', () => {
  const assess = (...subscriptions: EmailSubscription[]) =>
    assessSubscriptions('arn:topic', ['a@x.org', 'b@x.org', 'A@x.org'], known(subscriptions)).map(
      ({ status, tell }) => [status, tell],
    );

  it('trap 36: pending or gone reaches nobody', () => {
    expect(assess({ address: 'a@x.org', state: 'confirmed' }, { address: 'B@X.org', state: 'pending' })).toEqual([
      ['ok', undefined],
      ['warning', 'pending'],
    ]);
    expect(assess({ address: 'a@x.org', state: 'confirmed' })).toEqual([
      ['ok', undefined],
      ['warning', 'missing'],
    ]);
    expect(assess({ address: 'a@x.org', state: 'confirmed' }, { address: 'b@x.org', state: 'deleted' })[1]).toEqual([
      'warning',
      'deleted',
    ]);
  });

  it('trap 36: nobody confirmed is a failure, and says what still arrives', () => {
    const findings = assessSubscriptions('arn:topic', ['a@x.org'], known([{ address: 'a@x.org', state: 'pending' }]));
    expect(findings[0]).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/only AWS Budgets' own mails/),
    });
  });

  it('one confirmed beside an older one that is pending is ok', () => {
    expect(assess({ address: 'a@x.org', state: 'pending' }, { address: 'a@x.org', state: 'confirmed' })[0]![0]).toBe(
      'ok',
    );
  });

  it('unread is unknown for each address', () => {
    const findings = assessSubscriptions('arn:topic', ['a@x.org', 'b@x.org'], refused('accessDenied'));
    expect(findings.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
  });
});

describe('the cost allocation tag', () => {
  it.each([
    ['active', 'ok'],
    ['inactive', 'warning'],
    ['unseen', 'warning'],
  ] as const)('trap 25: %s is %s', (state, status) => {
    expect(assessCostTag('t', known({ kind: 'known', state })).status).toBe(status);
  });

  it('trap 38: a member account that may not ask is unknown, never active', () => {
    expect(assessCostTag('t', known({ kind: 'unavailable', why: 'payers only' }))).toMatchObject({
      status: 'unknown',
      detail: 'not checked: payers only',
    });
    expect(assessCostTag('t', refused('other')).status).toBe('unknown');
  });
});

describe('quotas', () => {
  const assumed = [{ model: 'Amazon Nova Lite', tokensPerMinute: 100 }];
  const named = (name: string, value: number) => known([{ name, value }]);
  const NAME = 'On-demand InvokeModel tokens per minute for Amazon Nova Lite';
  it.each([
    [99, 'ok'],
    [100, 'ok'],
    [101, 'warning'],
  ])('applied %d, assumed 100: %s', (value, status) => {
    expect(assessQuotas(assumed, named(NAME, value))[0]!.status).toBe(status);
  });

  it.each([
    ['Cross-Region InvokeModel tokens per minute for Amazon Nova Lite', 'warning'],
    ['Cross-region model inference tokens per minute for Amazon Nova Lite', 'warning'],
    ['On-demand InvokeModel tokens per minute for Amazon Nova Lite 2', 'unknown'],
    ['Model invocation max tokens per day for Amazon Nova Lite', 'unknown'],
    ['On-demand InvokeModel requests per minute for Amazon Nova Lite', 'unknown'],
  ])('trap 20: %s counts as that model’s tokens a minute: %s', (name, status) => {
    expect(assessQuotas(assumed, named(name, 101))[0]!.status).toBe(status);
  });

  it('the highest of a model’s quotas counts: on demand and through profiles', () => {
    const both = known([
      { name: NAME, value: 100 },
      { name: NAME.replace('On-demand', 'Cross-Region'), value: 101 },
    ]);
    expect(assessQuotas(assumed, both)[0]!.status).toBe('warning');
  });

  it('a name that Service Quotas does not list is unknown, and so is an answer that did not come', () => {
    expect(assessQuotas(assumed, known([]))[0]!.status).toBe('unknown');
    expect(assessQuotas(assumed, refused('throttled'))[0]!.status).toBe('unknown');
  });
});

describe('the canary', () => {
  const price = (input: number, output: number): ModelPrice => ({
    input: picoUsdPerToken(input),
    output: picoUsdPerToken(output),
    cacheRead: 'unsupported',
    cacheWrite: 'unsupported',
  });
  const target = {
    profileArn: 'arn:aws:bedrock:r:1:application-inference-profile/abc',
    modelId: 'm',
    price: price(0.06, 0.24),
  };
  const usage = { inputTokens: 9, outputTokens: 1 };

  it('costs what 744 calls cost, each component rounded up once', () => {
    // 9 x $0.06 + 1 x $0.24 a million = 540 + 240 nano-dollars a call.
    expect(monthlyCost(usage, target.price)).toBe(780 * 744);
    expect(formatUsd(monthlyCost(usage, target.price))).toBe('<$0.01');
  });

  it('leaves a record by the opaque end of the profile, which is CloudWatch’s ModelId', () => {
    expect(canaryRecord(target, usage, 7)).toEqual({
      atMs: 7,
      profileId: 'abc',
      profileArn: target.profileArn,
      modelId: 'm',
      ...usage,
    });
  });

  it('takes the cheapest small model, and one that is optional only where there is no other', () => {
    const model = (id: string, tier: 'small' | 'large', optional: boolean, input: number) => ({
      id,
      tier,
      optional,
      price: price(input, 1),
    });
    const large = model('large', 'large', false, 0.01);
    const optional = model('optional', 'small', true, 0.02);
    const dear = model('dear', 'small', false, 0.8);
    const cheap = model('cheap', 'small', false, 0.06);
    expect(cheapestForCanary([large, optional, dear, cheap])?.id).toBe('cheap');
    expect(cheapestForCanary([optional])?.id).toBe('optional');
    expect(cheapestForCanary([])).toBeUndefined();
  });

  it('that fails is a warning, also where only its record was not kept', () => {
    expect(assessCanary(target, refused('accessDenied'), undefined)).toMatchObject({
      status: 'warning',
      tell: 'silent',
    });
    const throttled = assessCanary(target, refused('throttled'), undefined);
    expect([throttled.status, throttled.tell]).toEqual(['warning', undefined]);
    expect(assessCanary(target, known(usage), refused('throttled')).status).toBe('warning');
    expect(assessCanary(target, known(usage), known(undefined)).status).toBe('ok');
    expect(assessCanary(undefined, undefined, undefined).status).toBe('expected');
  });
});
