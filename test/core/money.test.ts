import fc from 'fast-check';
import {
  add,
  addDecimals,
  asPercent,
  decimalToNano,
  formatUsd,
  nanoUsd,
  parseDecimal,
  percentOf,
  usd,
} from '../../core/money';

describe('usd', () => {
  test.each([
    [50, 50_000_000_000],
    ['0.1', 100_000_000],
    ['4.1400000000', 4_140_000_000],
    ['1.2E-7', 120],
    ['-0.02', -20_000_000],
    ['0.0000000001', 1], // a tenth of a nano-dollar is rounded up
    ['-0.0000000001', 0], // up, towards more spend
    [0, 0],
  ])('%p dollars are %p nano-dollars', (dollars, nano) => {
    expect(usd(dollars)).toBe(nano);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, '', '12,5', '$5', '1.2.3', 'abc'])('%p is refused', (amount) => {
    expect(() => usd(amount)).toThrow(RangeError);
  });

  test('exact up to the largest amount, refused above it', () => {
    expect(usd('9007199.254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => usd('9007199.254740992')).toThrow(/beyond \$9 million/);
  });
});

test('ten cents a hundred million times are ten million dollars, without the drift of floats', () => {
  expect(add(...Array.from({ length: 1000 }, () => usd('0.1')))).toBe(usd(100));
});

test('amounts that arrive as decimals are summed exactly and rounded up once', () => {
  const third = parseDecimal('0.0000000004');
  expect(decimalToNano(addDecimals([third, third]))).toBe(1);
  expect(decimalToNano(third) + decimalToNano(third)).toBe(2);
});

test('property: a sum of decimals does not depend on order or grouping', () => {
  const amount = fc.tuple(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.integer({ min: 6, max: 20 }));
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 20 }), fc.nat(20), (amounts, at) => {
      const decimals = amounts.map(([digits, scale]) => ({ digits, scale }));
      const whole = decimalToNano(addDecimals(decimals));
      const grouped = addDecimals([addDecimals(decimals.slice(at)), addDecimals(decimals.slice(0, at))]);
      expect(decimalToNano(grouped)).toBe(whole);
    }),
  );
});

describe('percentOf', () => {
  test.each([
    [usd(50), 95, usd('47.5')],
    [usd(50), 33.33, usd('16.665')],
    [nanoUsd(99), 50, 49], // rounded down: a threshold never fires late
    [usd(200), 120, usd(240)],
  ])('of %p, %p%% is %p', (limit, percent, amount) => {
    expect(percentOf(limit, percent)).toBe(amount);
  });
});

describe('formatUsd', () => {
  test.each([
    [usd('31.05'), '$31.05'],
    [usd('1234567.891'), '$1,234,567.89'],
    [usd(0), '$0.00'],
    [nanoUsd(1), '<$0.01'],
    [nanoUsd(9_999_999), '<$0.01'],
    [nanoUsd(10_000_000), '$0.01'],
    [usd('0.995'), '$1.00'],
    [usd('-3.5'), '-$3.50'],
  ])('%p reads %p', (amount, text) => {
    expect(formatUsd(amount)).toBe(text);
  });
});

test('a spend on a limit of zero is infinitely above it, never 0%', () => {
  expect(asPercent(usd(1), usd(0))).toBe(Number.POSITIVE_INFINITY);
});

test('a whole percentage is whole, so that rounding down does not show one less', () => {
  for (const limit of [50, 75, 100, 200, 350, 1_000_000]) {
    for (let percent = 1; percent <= 100; percent++) {
      expect(Math.floor(asPercent(percentOf(usd(limit), percent), usd(limit)))).toBe(percent);
    }
  }
});

test('a float is no money', () => {
  expect(() => nanoUsd(0.1)).toThrow(RangeError);
  expect(() => nanoUsd(2 ** 53)).toThrow(RangeError);
});

test('property: a whole percentage is exact, whichever way it is computed', () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.integer({ min: 0, max: 1000 }), (limit, percent) => {
      const exact = (BigInt(limit) * BigInt(percent)) / 100n;
      fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER));
      expect(BigInt(percentOf(nanoUsd(limit), percent))).toBe(exact);
    }),
  );
});
