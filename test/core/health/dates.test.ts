import { DAY_MS } from '../../../core/calendar';
import { assessAccessKeys, MAX_KEY_AGE_DAYS } from '../../../core/health/access-keys';
import type { Answer } from '../../../core/health/finding';
import { assessLifecycle } from '../../../core/health/lifecycle';
import { assessListPrice, extendedAccessDates } from '../../../core/health/list-price';
import type { CheckedModel } from '../../../core/health/checked-model';
import type { AccessKeyUse, ModelLifecycle } from '../../../core/health/ports';
import type { Refusal } from '../../../core/errors';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const known = <T>(value: T): Answer<T> => ({ kind: 'known', value, latencyMs: 1 });
const refused = (refusal: Refusal): Answer<never> => ({
  kind: 'unavailable',
  problem: { refusal, errorName: 'SomeException', text: 'no' },
  latencyMs: 1,
});

describe('lifecycle', () => {
  const model = (more: Partial<CheckedModel> = {}): CheckedModel => ({
    ...{ id: 'm', modelId: 'm', ownPrice: false },
    tier: 'small',
    optional: false,
    callAs: 'm',
    soldThroughMarketplace: false,
    ...more,
  });
  const ending = (days: number): Answer<ModelLifecycle> =>
    known({ status: 'legacy', endOfLifeMs: NOW + days * DAY_MS });

  it.each([
    [91, 'ok', undefined],
    [90, 'warning', '90 days'],
    [89, 'warning', '90 days'],
    [31, 'warning', '90 days'],
    [30, 'warning', '30 days'],
    [29, 'warning', '30 days'],
    [8, 'warning', '30 days'],
    [7, 'failed', '7 days'],
    [6, 'failed', '7 days'],
    [0.01, 'failed', '7 days'],
    [0, 'failed', 'ended'],
    [-1, 'failed', 'ended'],
  ])('%d days before the end: %s', (days, status, tell) => {
    const finding = assessLifecycle(model(), ending(days), NOW);
    expect(finding.status).toBe(status);
    expect(finding.tell).toBe(tell);
  });

  it('trap 8: where Bedrock and the catalogue conflict, the earlier date counts, and both are named', () => {
    const earlier = assessLifecycle(model({ endOfLife: '2026-11-28' }), ending(200), NOW);
    expect(earlier.status).toBe('failed');
    expect(earlier.detail).toBe(
      'end of life in 5 days: 2026-11-28 by the catalogue, 2027-06-11 by Bedrock (the earlier counts)',
    );
    const later = assessLifecycle(model({ endOfLife: '2027-03-30' }), ending(5), NOW);
    expect(later.status).toBe('failed');
    expect(later.detail).toBe(
      'end of life in 5 days: 2026-11-28 by Bedrock, 2027-03-30 by the catalogue (the earlier counts)',
    );
  });

  it('trap 8: Llama’s end of life is announced well ahead by the catalogue where Bedrock gives no date', () => {
    const llama = model({ endOfLife: '2027-03-30', replacement: 'amazon.nova-lite-v1:0' });
    expect(assessLifecycle(llama, known({ status: 'legacy' }), NOW).status).toBe('ok');
    const later = assessLifecycle(llama, known({ status: 'legacy' }), Date.parse('2026-12-30T00:00:00Z'));
    expect(later).toMatchObject({ status: 'warning', tell: '90 days', fix: 'move to amazon.nova-lite-v1:0' });
  });

  it('no date at all: active is ok, Legacy is a warning', () => {
    expect(assessLifecycle(model(), known({ status: 'active' }), NOW).status).toBe('ok');
    expect(assessLifecycle(model(), known({ status: 'legacy' }), NOW).status).toBe('warning');
  });

  it('Bedrock unread: unknown, unless the catalogue’s date is near by itself', () => {
    expect(assessLifecycle(model(), refused('throttled'), NOW).status).toBe('unknown');
    expect(assessLifecycle(model({ endOfLife: '2027-11-01' }), refused('throttled'), NOW).status).toBe('unknown');
    expect(assessLifecycle(model({ endOfLife: '2026-12-01' }), refused('throttled'), NOW).status).toBe('warning');
  });

  it('an optional model’s end is a warning', () => {
    expect(assessLifecycle(model({ optional: true }), ending(-1), NOW).status).toBe('warning');
  });
});

describe('trap 50: extended access', () => {
  const model = (more: Partial<CheckedModel> = {}): CheckedModel => ({
    ...{ id: 'us.m', modelId: 'm', tier: 'small', optional: false, callAs: 'm' },
    ...{ soldThroughMarketplace: 'unknown', ownPrice: false, ...more },
  });
  const from = (days: number) => known<ModelLifecycle>({ status: 'legacy', extendedAccessMs: NOW + days * DAY_MS });

  it.each([
    [31, 'ok', undefined],
    [30, 'warning', 'soon'],
    [1 / 24, 'warning', 'soon'],
    [0, 'warning', 'untrusted'],
    [-400, 'warning', 'untrusted'],
  ])('in %d days: %s', (days, status, tell) => {
    const [finding] = assessListPrice(model(), from(days), NOW);
    expect(finding).toMatchObject({ check: 'list-price', subject: 'us.m', status });
    expect(finding!.tell).toBe(tell);
    if (tell) expect(finding!.fix).toMatch(/prices of the config, with its source and date/);
  });

  it('a price of the config’s own needs no list', () => {
    expect(assessListPrice(model({ ownPrice: true }), from(-1), NOW)).toMatchObject([{ status: 'ok' }]);
  });

  it('the catalogue’s date counts where Bedrock gives none, and the earlier of two', () => {
    const static1 = model({ extendedAccessFrom: '2026-11-23' });
    expect(assessListPrice(static1, known({ status: 'legacy' }), NOW)).toMatchObject([{ tell: 'untrusted' }]);
    expect(assessListPrice(static1, refused('throttled'), NOW)).toMatchObject([{ tell: 'untrusted' }]);
    expect(assessListPrice(static1, from(-9), NOW)[0]!.detail).toContain('2026-11-14 by Bedrock');
    expect(assessListPrice(static1, from(9), NOW)[0]!.detail).toContain('2026-11-23 by the catalogue');
  });

  it('without a date there is nothing to say', () => {
    expect(assessListPrice(model(), known({ status: 'legacy' }), NOW)).toEqual([]);
    expect(assessListPrice(model(), refused('throttled'), NOW)).toEqual([]);
  });

  it('the meter is told each date of a list’s price; one that was not read this time stands', () => {
    const dates = (lifecycle: Answer<ModelLifecycle>, more: Partial<CheckedModel> = {}, before = {}) =>
      extendedAccessDates([{ model: model(more), lifecycle }], before);
    expect(dates(from(1))).toEqual({ 'us.m': NOW + DAY_MS });
    expect(dates(from(1), { ownPrice: true }, { 'us.m': 1 })).toEqual({});
    expect(dates(refused('throttled'), {}, { 'us.m': 5 })).toEqual({ 'us.m': 5 });
    expect(dates(known({ status: 'active' }), {}, { 'us.m': 5 })).toEqual({});
    expect(dates(refused('throttled'), { extendedAccessFrom: '2026-11-23' }, { 'us.m': 5 })).toEqual({ 'us.m': 5 });
  });
});

describe('access keys', () => {
  const keys = (days: number, active = true, use: Answer<AccessKeyUse> = known({})) =>
    assessAccessKeys(
      'deployer',
      known([{ key: { id: 'AKIAIOSFODNN7EXAMPLE', createdAtMs: NOW - days * DAY_MS, active }, use }]),
      NOW,
    )[0]!;

  it.each([
    [29, 'ok'],
    [30, 'ok'],
    [30.01, 'warning'],
    [31, 'warning'],
  ])('%d days old: %s', (days, status) => {
    expect(keys(days).status).toBe(status);
    expect(MAX_KEY_AGE_DAYS).toBe(30);
  });

  it('an old key comes with the steps of a rotation, in order, and without the whole key id', () => {
    const { fix, detail, subject } = keys(31);
    const steps = ['create-access-key', 'switch every program', 'last-used', 'Inactive', 'delete-access-key'];
    const at = steps.map((step) => fix!.indexOf(step));
    expect(at.every((place) => place >= 0)).toBe(true);
    expect([...at].sort((a, b) => a - b)).toEqual(at);
    expect(`${fix}${detail}${subject}`).not.toContain('AKIA');
    expect(subject).toBe('deployer ...MPLE');
  });

  it('an inactive key does not count, however old', () => {
    expect(keys(400, false)).toMatchObject({ status: 'ok', detail: 'no active access key' });
  });

  it('says when it was last used, and that this could not be read', () => {
    expect(keys(3, true, known({ atMs: NOW - 2 * DAY_MS, service: 'bedrock' })).detail).toMatch(
      /2 days ago for bedrock/,
    );
    expect(keys(3).detail).toMatch(/never used/);
    expect(keys(31, true, refused('accessDenied'))).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/last use unknown/),
    });
  });

  it('trap 22: a guarded user that is gone is named, as a stop cannot reach it', () => {
    expect(assessAccessKeys('deployer', refused('notFound'), NOW)[0]).toMatchObject({
      subject: 'deployer',
      status: 'warning',
      tell: 'gone',
    });
  });

  it('keys that cannot be listed are unknown', () => {
    expect(assessAccessKeys('deployer', refused('accessDenied'), NOW)[0]!.status).toBe('unknown');
  });
});
