import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { NOW, problemsOf } from './changed-guard';

describe('prices', () => {
  const own = {
    inputUsdPerMillionTokens: 1,
    outputUsdPerMillionTokens: 2,
    cacheReadUsdPerMillionTokens: 'unsupported',
    cacheWriteUsdPerMillionTokens: 'unsupported',
    source: 'our offer of 2026-11-01',
  } as const;

  test('an override by the id that is called wins over the library', () => {
    const { environments } = loadGuard({ ...shipped, prices: { 'qwen.qwen3-coder-next': own } }, NOW);
    expect(environments[0]!.models[1]).toMatchObject({
      price: { input: 1_000_000, output: 2_000_000, cacheRead: 'unsupported' },
      priceSource: 'our offer of 2026-11-01',
    });
  });

  test('a price finer than a pico-dollar a token is refused, not rounded', () => {
    const prices = { 'amazon.nova-lite-v1:0': { ...own, inputUsdPerMillionTokens: 0.0000001 } };
    expect(problemsOf({ ...shipped, prices }).join()).toMatch(
      /prices\.amazon\.nova-lite-v1:0.*inputUsdPerMillionTokens/,
    );
  });

  test('an override that nothing uses is a mistake: it may be meant for another id', () => {
    const prices = { 'meta.llama3-1-70b-instruct-v1:0': own };
    expect(problemsOf({ ...shipped, prices }).join()).toMatch(/prices\.meta\.llama3-1-70b-instruct-v1:0: .*not called/);
  });
});
