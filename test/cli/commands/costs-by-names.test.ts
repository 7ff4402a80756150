import { ServiceError } from '../../../core/errors';
import { usd } from '../../../core/money';
import { arnOf, callers, usage } from '../../helpers/spenders';
import { costsBy, rowsOf, told } from './costs-told';

describe('names that want more than to be read', () => {
  const hostile = (name: string) => callers([usage(1, arnOf.person('Developers', name), usd(1))]);

  test.each([
    ['\u001b[2J\u001b]0;x\u0007', '\\u001b[2J\\u001b]0;x\\u0007'],
    ['\u009b31m', '\\u009b31m'],
    ['x\r\n  (total)   $0.00', 'x\\u000d\\u000a  (total)   $0.00'],
    ['a\u202eb', 'a\\u202eb'],
  ])('a terminal shows them: %j', async (name, shown) => {
    for (const form of [[], ['--csv'], ['--focus']]) {
      const { stdout } = await costsBy(told({ callers: hostile(name) }), 'person', ...form);
      expect(stdout.replaceAll('\r\n', '\n')).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
      if (form.length === 0) expect(stdout).toContain(`  ${shown} `);
    }
  });

  test.each(['\u001b[2J', '\u009b31m', '"\u007f'])(
    'JSON has them as they are, and a terminal does not obey: %j',
    async (name) => {
      const { stdout, json } = await costsBy(told({ callers: hostile(name) }), 'person', '--json');
      expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
      expect(json().environments[0]).toMatchObject({ rows: [{ name }] });
    },
  );

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"])(
    'a spreadsheet takes none for a formula: %j',
    async (name) => {
      const { stdout } = await costsBy(told({ callers: hostile(name) }), 'person', '--csv');
      expect(rowsOf(stdout)[0]?.['name']).toBe(`'${name}`);
    },
  );

  test.each(['a,b', 'a"b', '<b>x</b>', '"', "'; DROP", '山田太郎', 'o’Neil, "Al"'])(
    'CSV gives them back: %j',
    async (name) => {
      const { stdout } = await costsBy(told({ callers: hostile(name) }), 'person', '--csv');
      expect(rowsOf(stdout)[0]?.['name']).toBe(name);
    },
  );

  test('one of 256 characters leaves the figures in sight, and is told from its like', async () => {
    const long = (end: string) => usage(1, arnOf.user(`${'x'.repeat(250)}${end}`), usd(1));
    const { stdout } = await costsBy(told({ callers: callers([long('-1'), long('-2')]) }), 'person');
    expect(stdout).toMatch(/\n {2}x{30}…x{27}-1 +\$1\.00 /);
    expect(stdout).toMatch(/\n {2}x{30}…x{27}-2 +\$1\.00 /);
  });

  test('nor does what AWS says', async () => {
    const world = told({ callers: 'it is \u001b[31mdown' });
    expect((await costsBy(world, 'person')).stdout).toContain('unknown: it is \\u001b[31mdown');
    world.refusal = new ServiceError('other', 'Strange', 'no \u001b[31mway');
    expect((await costsBy(world, 'person')).stdout).toContain('no \\u001b[31mway');
  });
});
