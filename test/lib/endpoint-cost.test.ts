import { usd } from '../../core/money';
import { endpointCost, endpointCostLines } from '../../core/estimates/endpoint-cost';
import { synthNotes } from '../../lib/synth-notes';
import { ENDPOINT } from '../helpers/endpoint';
import { environmentOf, stackOf } from '../helpers/stack';

describe('the cost of a guarded endpoint', () => {
  const COUNTS = { minTasks: 2, maxTasks: 10, vcpuPerTask: 1, gbPerTask: 2 };

  test('is the hours of the tasks and of the load balancer, in a month of 31 days', () => {
    const task = usd('24.09072') + usd('5.29728');
    expect(endpointCost(COUNTS)).toEqual({
      tasks: { fewest: 2 * task, most: 10 * task },
      balancer: usd('16.74'),
    });
  });

  test('is told at synth, with what nobody knows named as unknown, and a source for each figure', () => {
    const environment = environmentOf('dev', { endpoint: ENDPOINT });
    const lines = synthNotes(stackOf(environment), environment, []).map((line) => line.trim());
    for (const line of endpointCostLines(COUNTS)) expect(lines).toContain(line.trim());
    const text = endpointCostLines(COUNTS);
    expect(text[0]).toBe('the endpoint, a month: $75.52 with 2 tasks, up to $310.62 with 10, and what is unknown');
    expect(text.filter((line) => /^ {2}unknown: |: unknown, /.test(line))).toHaveLength(2);
    for (const line of text.filter((one) => /\$[\d.]+ an hour/.test(one)))
      expect(line).toMatch(/https:\/\/\S+.* read 2026-11-29/);
  });

  test('is not told where there is none', () => {
    const environment = environmentOf('dev');
    expect(synthNotes(stackOf(environment), environment, []).join('\n')).not.toContain('the endpoint');
  });
});
