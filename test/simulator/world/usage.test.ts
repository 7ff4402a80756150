import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { percentOf, usd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { seededRandom } from '../../../simulator/random';
import { hourlyDemand, type Demand } from '../../../simulator/world/demand';
import { EnvironmentUsage, type AllowedShare, type PromptMix } from '../../../simulator/world/usage';
import { environment } from '../guard';

const START = Date.parse('2026-03-01T00:00Z');
const END = Date.parse('2026-04-01T00:00Z');
const config = environment();
const office: Demand = { kind: 'office', percentOfLimit: 40 };

function usageOf(demands: readonly Demand[], allowed: AllowedShare = () => 1, seed = 1) {
  return new EnvironmentUsage({
    environment: config,
    demand: hourlyDemand(config, demands, START, END),
    randoms: config.models.map(({ id }) => seededRandom(seed, id)),
    fromMs: START,
    monthStartMs: START,
    toMs: END,
    allowed,
  });
}

describe('what calls are made of', () => {
  const PRICE = {
    input: picoUsdPerToken(1),
    output: picoUsdPerToken(5),
    cacheRead: picoUsdPerToken('0.1'),
    cacheWrite: picoUsdPerToken(2),
  };
  const cached = environment({ models: [{ ...config.models[0]!, price: PRICE }] });
  const TURN = START + 5 * HOUR_MS;
  const [before, after] = [
    { input: 1, output: 1, cacheRead: 12, cacheWrite: 1 },
    { input: 1, output: 1, cacheRead: 0, cacheWrite: 13 },
  ];
  const surge: Demand = { kind: 'surge', fromMs: START, toMs: END, percentOfLimitPerHour: 1, tier: 'small' };
  const played = (prompts: PromptMix) => {
    const usage = new EnvironmentUsage({
      environment: cached,
      demand: hourlyDemand(cached, [surge], START, END),
      randoms: [seededRandom(1, 'a')],
      fromMs: START,
      monthStartMs: START,
      toMs: END,
      allowed: () => 1,
      prompts,
    });
    usage.advanceTo(START + 8 * HOUR_MS);
    return usage;
  };

  test('turns at the hour: as many calls as before, of other tokens, which cost by their own prices', () => {
    const usage = played({ mix: before, turn: { atMs: TURN, mix: after } });
    const steady = played({ mix: before });
    const [model] = cached.models;
    const of = (from: number, to: number) => usage.tokensOf(model!, from, to);
    const well = of(START, TURN);
    expect(well.cacheRead).toBe(12 * well.cacheWrite);
    const badly = of(TURN, START + 8 * HOUR_MS);
    expect([badly.cacheRead, badly.cacheWrite]).toEqual([0, 13 * badly.input]);
    // Across the turn both are added, and the calls are those of a month without it.
    const whole = of(START, START + 8 * HOUR_MS);
    expect(whole.cacheWrite).toBe(well.cacheWrite + badly.cacheWrite);
    expect(whole.input).toBe(steady.tokensOf(model!, START, START + 8 * HOUR_MS).input);
    expect(usage.spent).toBeCloseTo(usage.total(START, START + 8 * HOUR_MS), -3);
    // What has not shown yet is of the mix of its hour.
    const seen = usage.tokensSeen(model!, TURN + 2 * HOUR_MS, TURN + 3 * HOUR_MS - 2 * MINUTE_MS);
    expect([seen.cacheRead, seen.cacheWrite]).toEqual([0, 13 * seen.input]);
  });
});

describe('demand', () => {
  const total = (demands: readonly Demand[]) =>
    hourlyDemand(config, demands, START, END).reduce(
      (all, rates) => all + rates.reduce((sum, rate) => sum + rate, 0),
      0,
    );

  test('an office uses its share of the limit, more by day, in the week, and towards the end where it grows', () => {
    expect(total([office])).toBeCloseTo(percentOf(config.limit, 40), -3);
    const [small] = hourlyDemand(config, [office], START, END);
    const at = (time: string) => small![(Date.parse(time) - START) / HOUR_MS]!;
    expect(at('2026-03-02T14:00Z')).toBeGreaterThan(5 * at('2026-03-02T03:00Z'));
    expect(at('2026-03-02T14:00Z')).toBeGreaterThan(3 * at('2026-03-01T14:00Z'));
    const growing = hourlyDemand(config, [{ ...office, growth: 4 }], START, END)[0]!;
    expect(growing.at(-8)! / growing[24 + 16]!).toBeGreaterThan(3);
  });

  test('a surge begins and ends on the hour, on one model of its tier', () => {
    const rates = hourlyDemand(
      config,
      [
        {
          kind: 'surge',
          fromMs: START + 3 * HOUR_MS,
          toMs: START + 5 * HOUR_MS,
          percentOfLimitPerHour: 20,
          tier: 'large',
        },
      ],
      START,
      END,
    );
    expect([...rates[1]!.slice(2, 6)]).toEqual([0, usd(20), usd(20), 0]);
    expect(Math.max(...rates[0]!)).toBe(0);
  });
});

describe('usage', () => {
  test('comes near to what was asked for, and its tokens cost what it says', () => {
    const usage = usageOf([office]);
    usage.advanceTo(END);
    expect(usage.spent / config.limit).toBeGreaterThan(0.39);
    expect(usage.spent / config.limit).toBeLessThan(0.41);
    expect(Math.abs(usage.total(START, END) - usage.spent)).toBeLessThanOrEqual(8);
    expect(usage.refused).toBe(0);
  });

  test('is the same in one step or in many', () => {
    const [once, often] = [usageOf([office]), usageOf([office])];
    once.advanceTo(END);
    for (let at = START; at <= END; at += 7 * HOUR_MS + 13 * MINUTE_MS) often.advanceTo(at);
    often.advanceTo(END);
    expect(often.tokens(START, END)).toEqual(once.tokens(START, END));
  });

  test('is not known before it is played, and never goes back', () => {
    const usage = usageOf([office]);
    usage.advanceTo(START + 100 * HOUR_MS);
    const before = usage.spent;
    usage.advanceTo(START + 50 * HOUR_MS);
    expect(usage.spent).toBe(before);
    expect(usage.total(START + 100 * HOUR_MS, END)).toBe(0);
  });

  test('a denied model is not used, what it would have cost is counted, and later demand stays the same', () => {
    let denied = false;
    const large = config.models[1]!;
    const usage = usageOf([office], (_environment, model) => (denied && model === large ? 0 : 1));
    const free = usageOf([office]);
    const [stop, resume] = [START + 240 * HOUR_MS, START + 480 * HOUR_MS];
    usage.advanceTo(stop);
    denied = true;
    usage.advanceTo(resume);
    denied = false;
    usage.advanceTo(END);
    free.advanceTo(END);
    expect(usage.tokens(stop, resume)[1]![1]).toEqual({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });
    expect(usage.tokens(stop, resume)[0]).toEqual(free.tokens(stop, resume)[0]);
    expect(usage.tokens(resume, END)).toEqual(free.tokens(resume, END));
    expect(usage.spent + usage.refused).toBeCloseTo(free.spent, -2);
  });

  test('a watch tells the minute in which an amount was reached', () => {
    const usage = usageOf([{ kind: 'surge', fromMs: START, toMs: END, percentOfLimitPerHour: 60, tier: 'large' }]);
    const reached = usage.watch(usd(50));
    const never = usage.watch(usd(1_000_000));
    usage.advanceTo(START + 30 * MINUTE_MS);
    expect(reached()).toBeUndefined();
    usage.advanceTo(START + 24 * HOUR_MS);
    expect((reached()! - START) / MINUTE_MS).toBeGreaterThan(40);
    expect((reached()! - START) / MINUTE_MS).toBeLessThan(60);
    expect(never()).toBeUndefined();
  });
});
