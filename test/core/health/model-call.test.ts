import type { Answer } from '../../../core/health/finding';
import type { GuardState } from '../../../core/health/guard-state';
import type { CallContext, CheckedModel } from '../../../core/health/checked-model';
import { assessModelCall } from '../../../core/health/model-call';
import type { CallUsage, ModelAvailability, ModelLifecycle } from '../../../core/health/ports';
import type { Refusal } from '../../../core/errors';
import { refusalReason } from '../../../core/model-refusal';

const NOW = Date.parse('2026-11-23T09:00:00Z');
const MODEL: CheckedModel = {
  ...{ id: 'amazon.nova-lite-v1:0', modelId: 'amazon.nova-lite-v1:0', ownPrice: false },
  tier: 'small',
  optional: false,
  callAs: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc',
  soldThroughMarketplace: false,
  replacement: 'amazon.nova-2-lite-v1:0',
};
const AVAILABLE: ModelAvailability = { agreement: 'AVAILABLE', authorized: true, entitled: true, inRegion: true };

const known = <T>(value: T): Answer<T> => ({ kind: 'known', value, latencyMs: 12 });
/** As the adapter of model calls understands the text. */
const refused = (refusal: Refusal, errorName: string, text = 'no'): Answer<never> => {
  const reason = refusalReason(text);
  const problem = { refusal, errorName, text, ...(reason ? { reason } : {}) };
  return { kind: 'unavailable', problem, latencyMs: 12 };
};
const denied = (text: string) => refused('accessDenied', 'AccessDeniedException', text);
type State = 'open' | 'degraded' | 'stopped';
const unread = { kind: 'unavailable', why: 'AccessDenied' } as const;
const read = (value: State | undefined | typeof unread) =>
  value === unread ? unread : ({ kind: 'known', value: value as State | undefined } as const);
/** @param switched what the switch on the invoker role says; `none`: it has none; `foreign`: nothing of the guard's */
const guard = (
  switched: State | 'none' | 'foreign' | typeof unread,
  desired: State | undefined | typeof unread,
  more: Partial<GuardState> = {},
): GuardState => ({
  held: { kind: 'known', value: { switch: switched !== 'none', bill: false } },
  inEffect: read(switched === 'none' ? 'open' : switched === 'foreign' ? undefined : switched),
  desired: read(desired),
  ...more,
});
const byBudgets = { held: { kind: 'known', value: { switch: true, bill: true } } } as const;
const quiet = guard('open', 'open');

function assess(call: Answer<CallUsage>, more: Partial<CallContext> = {}, model: Partial<CheckedModel> = {}) {
  const lifecycle: Answer<ModelLifecycle> = known({ status: 'active' });
  return assessModelCall({ ...MODEL, ...model }, call, {
    guard: quiet,
    region: 'us-east-1',
    now: NOW,
    lifecycle,
    ...more,
  });
}

describe('an answer', () => {
  const answered = known<CallUsage>({ inputTokens: 9, outputTokens: 1 });

  it('is ok, with its latency', () => {
    expect(assess(answered)).toMatchObject({ status: 'ok', latencyMs: 12, detail: 'answered (9 tokens in, 1 out)' });
  });

  it.each([
    [
      guard('stopped', 'stopped'),
      /although the guard denies it: the switch says stopped: the meter's state is stopped/,
    ],
    [guard('stopped', 'open'), /although the guard denies it: the switch says stopped although/],
    [guard('open', 'open', byBudgets), /although the guard denies it: deny-bill is attached/],
  ])('is a warning where the guard has denied the model: %j', (state, detail) => {
    expect(assess(answered, { guard: state })).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(detail),
    });
  });

  it.each([
    [guard('open', 'stopped'), /wants it denied: the switch says open/],
    [guard('degraded', 'stopped'), /wants it denied: the switch says degraded/],
    [guard('none', 'stopped'), /wants it denied: the invoker role has no switch/],
  ])('is a warning where the meter wants it denied: %j', (state, detail) => {
    const finding = assess(answered, { guard: state });
    expect(finding).toMatchObject({ status: 'warning', tell: 'not-enforced', detail: expect.stringMatching(detail) });
  });

  it.each([
    ['of a small model while only the large ones are denied', guard('degraded', 'degraded')],
    ['while nobody can tell what is in effect', guard('stopped', 'stopped', { held: unread })],
    ['while the switch cannot be read', guard(unread, 'stopped')],
    ['while the switch is nobody’s text, which a finding of its own says', guard('foreign', 'stopped')],
  ])('is ok %s', (_, state) => {
    expect(assess(answered, { guard: state }).status).toBe('ok');
  });
});

describe('a 403 is the guard’s own by what is in effect, then by what the meter wants', () => {
  it.each([
    ['small', guard('stopped', 'stopped'), 'expected'],
    ['large', guard('stopped', 'stopped'), 'expected'],
    ['large', guard('degraded', 'degraded'), 'expected'],
    ['large', guard('degraded', 'stopped'), 'expected'],
    ['small', guard('degraded', 'degraded'), 'failed'],
    ['small', guard('open', 'open', byBudgets), 'expected'],
    ['small', guard('open', undefined, byBudgets), 'expected'],
    ['small', guard(unread, 'open', byBudgets), 'expected'],
    ['small', guard('stopped', undefined), 'expected'],
    ['small', guard('stopped', 'open'), 'warning'],
    ['small', guard('stopped', 'degraded'), 'warning'],
    ['large', guard('degraded', 'open'), 'warning'],
    // The switch denies nothing of it: the denial comes from elsewhere, whatever the meter wants.
    ['small', guard('open', 'stopped'), 'failed'],
    ['small', guard('open', 'open'), 'failed'],
    ['small', guard('none', 'stopped'), 'failed'],
    ['small', guard('none', 'stopped', { inEffect: { kind: 'known', value: 'stopped' } }), 'failed'],
    // Nobody's text is in effect.
    ['small', guard('foreign', 'stopped'), 'unknown'],
    ['small', guard('foreign', 'open'), 'unknown'],
    // Who has the switch, or what it says, cannot be read.
    ['small', guard('open', 'stopped', { held: unread }), 'expected'],
    ['large', guard('open', 'degraded', { held: unread }), 'expected'],
    ['small', guard('stopped', 'degraded', { held: unread }), 'unknown'],
    ['small', guard('stopped', undefined, { held: unread }), 'unknown'],
    ['small', guard('stopped', unread, { held: unread }), 'unknown'],
    ['small', guard(unread, 'stopped'), 'expected'],
    ['small', guard(unread, 'degraded'), 'unknown'],
    ['small', guard(unread, 'open'), 'unknown'],
    ['small', guard('stopped', unread), 'expected'],
  ] as const)('%s model, %j: %s', (tier, state, status) => {
    expect(assess(denied('no'), { guard: state }, { tier }).status).toBe(status);
  });
});

describe('a 403 from elsewhere is explained, with its fix', () => {
  const onProfile =
    'User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc';
  it.each([
    [
      `${onProfile} with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p`,
      {},
      /explicit deny in a service control policy/,
      /ask whoever owns/,
    ],
    [
      `${onProfile} with an explicit deny in an identity-based policy`,
      {},
      /none of the guard's/,
      /list-attached-role-policies/,
    ],
    [`${onProfile} with an explicit deny in a permissions boundary`, {}, /permissions boundary/, /destination Region/],
    [
      `${onProfile} because no identity-based policy allows the bedrock:InvokeModel action`,
      {},
      /no identity-based policy allows/,
      /deploy the stack again/,
    ],
    [
      `${onProfile} because no service control policy allows the bedrock:InvokeModel action`,
      {},
      /no service control policy allows/,
      /must allow/,
    ],
    [
      "You don't have access to the model with the specified model ID.",
      { entitled: false },
      /not entitled/,
      /enables itself at the first call/,
    ],
    [
      "You don't have access to the model with the specified model ID.",
      undefined,
      /no access .* Bedrock did not say/,
      /enables itself at the first call/,
    ],
    [
      'Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe)',
      { agreement: 'NOT_AVAILABLE' },
      /no agreement/,
      /aws-marketplace:Subscribe/,
    ],
    [
      'Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions',
      {},
      /Marketplace subscription/,
      /needs no Marketplace permission/,
    ],
    ['no', { agreement: 'PENDING' }, /pending/, /15 minutes/],
    ['no', { inRegion: false }, /not available in us-east-1/, /another Region/],
    ['no', { authorized: false }, /not authorized/, /administrator/],
    ['a text that nobody has seen before', {}, /a text that nobody has seen before/, /service control policy/],
  ] as const)('%s %j', (text, availability, detail, fix) => {
    const answer = availability
      ? known({ ...AVAILABLE, ...availability })
      : refused('throttled', 'ThrottlingException');
    const finding = assess(denied(text), { availability: answer });
    expect(finding.status).toBe('failed');
    expect(finding.detail).toMatch(detail);
    expect(finding.fix).toMatch(fix);
  });
});

const LEGACY =
  'Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock';

describe('one reason, whatever name it comes under', () => {
  const shapes = [
    ['notFound', 'ResourceNotFoundException'],
    ['invalid', 'ValidationException'],
    ['accessDenied', 'AccessDeniedException'],
  ] as const;

  it.each(shapes)('trap 50: Legacy as %s (%s)', (refusal, name) => {
    for (const days of [15, 30]) {
      const finding = assess(refused(refusal, name, LEGACY.replace('30', String(days))));
      expect(finding).toMatchObject({ status: 'failed', fix: 'use amazon.nova-2-lite-v1:0 instead' });
      expect(finding.detail).toMatch(/is Legacy, and closed to accounts/);
    }
  });

  it.each(shapes)('end of life as %s (%s)', (refusal, name) => {
    const text = 'This model version has reached the end of its life. Please refer to the AWS documentation';
    expect(assess(refused(refusal, name, text)).detail).toMatch(/reached its end of life/);
  });

  it.each(shapes)('trap 51: the use-case form as %s (%s)', (refusal, name) => {
    for (const text of [
      'Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 15 minutes.',
      'You have not filled out the required use-case form for this model.',
    ]) {
      expect(assess(refused(refusal, name, text)).fix).toMatch(/use-case form, once per account or organization/);
    }
  });

  it('a Legacy model is no excuse for another fault of the request', () => {
    const lifecycle = known({ status: 'legacy' as const });
    expect(assess(refused('invalid', 'ValidationException', 'malformed'), { lifecycle }).detail).toMatch(/malformed/);
  });
});

describe('trap 51: what is left of model access', () => {
  const marketplace = 'is not authorized to perform: aws-marketplace:ViewSubscriptions on resource: *';
  it.each([
    [`User: x ${marketplace} because no identity-based policy allows the aws-marketplace:ViewSubscriptions action.`],
    ['Your AWS Marketplace subscription for this model cannot be completed at this time.'],
  ])('a subscription is missing, and not the right to call the model: %s', (text) => {
    const finding = assess(denied(text), { availability: known(AVAILABLE) });
    expect(finding.detail).toMatch(/no AWS Marketplace subscription/);
    expect(finding.fix).toMatch(/aws-marketplace:Subscribe/);
  });

  it('an organization that forbids to subscribe is named', () => {
    const text = `User: x ${marketplace} with an explicit deny in a service control policy`;
    expect(assess(denied(text)).fix).toMatch(/^the service control policy must allow aws-marketplace:Subscribe/);
  });

  it('a payment method is asked for where it is missing', () => {
    const text =
      'Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must be provided.';
    expect(assess(denied(text)).fix).toMatch(/payment method/);
  });

  it.each([
    [false, 'amazon.nova-lite-v1:0', /^(?!.*(use-case|Marketplace permission))/],
    [true, 'amazon.nova-lite-v1:0', /aws-marketplace:Subscribe/],
    ['unknown', 'somebody.model', /aws-marketplace:Subscribe/],
    [true, 'anthropic.claude-x', /use-case form/],
  ] as const)('sold through Marketplace: %s, %s', (soldThroughMarketplace, modelId, fix) => {
    const text = "You don't have access to the model with the specified model ID.";
    expect(assess(denied(text), {}, { soldThroughMarketplace, modelId }).fix).toMatch(fix);
  });

  it('nothing is assumed of who sells a model that nobody knows', () => {
    const availability = known({ ...AVAILABLE, agreement: 'NOT_AVAILABLE' as const });
    const detail = (soldThroughMarketplace: boolean | 'unknown') =>
      assess(denied('no'), { availability }, { soldThroughMarketplace }).detail;
    expect(detail('unknown')).toMatch(/whether it is sold through AWS Marketplace is not known/);
    expect(detail(true)).toMatch(/which is sold/);
    expect(detail(false)).not.toMatch(/Marketplace/);
  });
});

describe('a 404', () => {
  const gone = (text: string) => refused('notFound', 'ResourceNotFoundException', text);

  it('trap 26: a Legacy model that the account has not used answers 404 while GetFoundationModel still knows it', () => {
    for (const lifecycle of [known({ status: 'legacy' as const }), refused('accessDenied', 'AccessDeniedException')]) {
      const finding = assess(gone(LEGACY), { lifecycle });
      expect(finding).toMatchObject({ status: 'failed', fix: 'use amazon.nova-2-lite-v1:0 instead' });
      expect(finding.detail).toMatch(/Legacy, and closed to accounts/);
    }
  });

  it('after the end of life says so', () => {
    const finding = assess(gone('no'), { lifecycle: known({ status: 'legacy', endOfLifeMs: NOW }) });
    expect(finding.detail).toMatch(/reached its end of life/);
    expect(assess(gone('This model version has reached the end of its life.')).detail).toMatch(/end of life/);
  });

  it('of a profile that somebody deleted names the profile', () => {
    const finding = assess(gone('no'));
    expect(finding.detail).toContain(MODEL.callAs);
    expect(finding.fix).toMatch(/deploy once without/);
  });

  it('is never taken for the guard’s own deny', () => {
    const stopped = guard('stopped', 'stopped');
    expect(assess(gone('no'), { guard: stopped }).status).toBe('failed');
  });
});

describe('other refusals', () => {
  it.each([
    ['throttled', 'ThrottlingException', 'unknown'],
    ['other', 'ExpiredTokenException', 'unknown'],
    ['timedOut', 'ModelTimeoutException', 'warning'],
    ['unavailable', 'ModelNotReadyException', 'warning'],
    ['unavailable', 'InternalServerException', 'warning'],
    ['invalid', 'ValidationException', 'failed'],
  ] as const)('%s (%s): %s', (refusal, name, status) => {
    expect(assess(refused(refusal, name)).status).toBe(status);
  });

  it('a model that wants a profile says so', () => {
    const text = 'Invocation of model ID x with on-demand throughput isn’t supported.';
    const wanted = refused('invalid', 'ValidationException', text);
    expect(assess(wanted).fix).toMatch(/list-inference-profiles --region us-east-1/);
    const profileIds = ['us.amazon.nova-lite-v1:0', 'global.amazon.nova-lite-v1:0'];
    expect(assess(wanted, {}, { profileIds }).fix).toMatch(/us\.amazon\.nova-lite-v1:0, global\.amazon/);
  });

  it.each(['accessDenied', 'notFound', 'invalid'] as const)(
    'an optional model that is %s is a warning, and nobody is mailed',
    (refusal) => {
      const finding = assess(refused(refusal, 'X'), {}, { optional: true });
      expect(finding.status).toBe('warning');
      expect(finding.tell).toBeUndefined();
    },
  );
});
