import type { CallUsage } from '../../../core/health/ports';
import { assess, byBudgets, denied, guard, known, refused, unread } from './called-model';

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
