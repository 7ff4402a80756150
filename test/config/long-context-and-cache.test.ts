import { libraryPrice } from '../../config/price-library';
import { picoUsdPerToken } from '../../core/prices';
import { load } from './loaded-models';

describe('long contexts', () => {
  const id = 'us.openai.gpt-5.6-sol';

  test('every token counts at the dearer price, which is said, as metrics do not tell', () => {
    const { models, notices } = load({ small: [{ id }] });
    expect(models[0]).toMatchObject({
      price: { input: picoUsdPerToken('8.8'), output: picoUsdPerToken(33), cacheWrite: picoUsdPerToken(11) },
      shortContext: { upToTokens: 200_000, price: { input: picoUsdPerToken('4.4'), output: picoUsdPerToken(22) } },
    });
    expect(notices).toContainEqual(expect.stringMatching(/us\.openai\.gpt-5\.6-sol costs more above 200K tokens/));
  });

  test('unless the config says that no call is so long', () => {
    const { models, notices } = load({ small: [{ id, longContext: 'never' }] });
    expect(models[0]!.price.input).toBe(picoUsdPerToken('4.4'));
    expect(models[0]!.priceSource).toContain('at the price of short contexts');
    expect(notices.filter((text) => text.includes('costs more above'))).toEqual([]);
  });
});

describe('cache prices that the library does not list', () => {
  test('reads count as input, writes at twice the input: never at nothing', () => {
    expect(libraryPrice('us.xai.grok-4.6')).toMatchObject({
      price: { cacheRead: picoUsdPerToken('0.55'), cacheWrite: picoUsdPerToken('4.4') },
    });
    expect(libraryPrice('zai.glm-5')).toMatchObject({
      price: { cacheRead: picoUsdPerToken(1), cacheWrite: picoUsdPerToken(2) },
      source: expect.stringContaining('not listed'),
    });
  });
});
