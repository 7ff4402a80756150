import { usd } from '../../../core/money';
import { budgetsPage } from '../../../simulator/report/html/budgets';
import { escaped } from '../../../core/markup';
import { node, NOW, stored, treeOf } from '../../core/report/stored-budgets';

const EVIL = '<script>alert("1")</script>&\'';

const pageOf = (...args: Parameters<typeof treeOf>) =>
  budgetsPage([{ environment: 'dev', tree: treeOf(...args) }], NOW);
const text = (page: string) => page.replaceAll(/<style>[^]*<\/style>|<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('a row for each budget, by its whole name, further in the deeper it is', () => {
  const nodes = [node('search', 20), node('search/nightly', 2, 'day')];
  const page = pageOf({ nodes, items: { '': stored(50, 15), search: stored(20, 19, { held: 1 }) } });
  expect(text(page)).toContain('search 2026-11 $19.00 $20.00 $1.00 $0.00 $20.73 past 95%');
  expect(text(page)).toContain('search/nightly 2026-11-28 - $2.00 - - - nobody has called in this period');
  expect(page).toMatch(/padding-left:2rem">search\/nightly</);
  expect(text(page)).toContain('1 near the end');
  expect(text(page)).toContain('As callers had charged them at 2026-11-28 12:00');
});

test('what is unknown is so, and never $0', () => {
  const page = pageOf({ nodes: [node('a', 20)], items: { a: 'slow down' } });
  expect(text(page)).toContain('a 2026-11 unknown $20.00 unknown unknown unknown slow down');
});

test('orders are listed', () => {
  const order = { limit: usd(30), by: 'ana', reason: 'launch', at: NOW };
  const page = pageOf({ nodes: [node('a', 20)], orders: { a: order, old: order } });
  expect(page.match(/<li>/g)).toHaveLength(2);
  expect(text(page)).toContain('order in force: budget &#39;a&#39;, $30.00, by ana');
});

test('what people and the table say is escaped, wherever it stands', () => {
  const order = { limit: usd(30), by: EVIL, reason: EVIL, at: NOW };
  const page = budgetsPage(
    [
      {
        environment: EVIL,
        tree: treeOf({ nodes: [node(EVIL, 20), node('b', 1)], items: { b: EVIL }, orders: { [EVIL]: order } }),
      },
    ],
    NOW,
  );
  expect(page).not.toContain('<script');
  expect(page).toContain(escaped(EVIL));
});

test('200 budgets with names as long as they may be: each has its row', () => {
  const nodes = Array.from({ length: 200 }, (_, at) => node(`${String(at).padStart(3, '0')}${'x'.repeat(57)}`, 20));
  expect(pageOf({ nodes }).match(/<tr>/g)).toHaveLength(202);
});

test('no environment, or none within one, is no page that is broken', () => {
  expect(budgetsPage([], NOW)).toContain('</html>');
  expect(pageOf({}).match(/<tr>/g)).toHaveLength(2);
});
