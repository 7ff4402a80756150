import fc from 'fast-check';
import { seededRandom } from '../../simulator/random';
import { Timeline } from '../../simulator/timeline';

test('tasks happen in order of time, and of their scheduling at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 60 }), async (times) => {
      const timeline = new Timeline(0);
      const seen: [number, number][] = [];
      times.forEach((at, order) => timeline.at(at, () => void seen.push([timeline.now, order])));
      await timeline.runUntil(100);
      expect(seen).toEqual(
        times.map((at, order) => [at, order] as [number, number]).sort((a, b) => a[0] - b[0] || a[1] - b[1]),
      );
    }),
  );
});

test('a task may schedule more; what is past happens now; the end is not played', async () => {
  const timeline = new Timeline(10);
  const seen: number[] = [];
  const tick = () => {
    seen.push(timeline.now);
    timeline.at(timeline.now + 5, tick);
  };
  timeline.at(3, tick);
  await timeline.runUntil(25);
  expect(seen).toEqual([10, 15, 20]);
  expect(timeline.now).toBe(25);
});

test('a promise is awaited before the next task', async () => {
  const timeline = new Timeline(0);
  const seen: string[] = [];
  timeline.at(1, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    seen.push('slow');
  });
  timeline.at(1, () => void seen.push('next'));
  await timeline.runUntil(2);
  expect(seen).toEqual(['slow', 'next']);
});

test('random numbers depend on the seed and on what they are for, and on nothing else', () => {
  const draw = (random: () => number) => Array.from({ length: 5 }, random);
  expect(draw(seededRandom(1, 'a', 'b'))).toEqual(draw(seededRandom(1, 'a', 'b')));
  expect(draw(seededRandom(1, 'a', 'b'))).not.toEqual(draw(seededRandom(2, 'a', 'b')));
  expect(draw(seededRandom(1, 'a', 'b'))).not.toEqual(draw(seededRandom(1, 'ab')));
  const many = Array.from({ length: 20_000 }, seededRandom(3, 'x'));
  expect(Math.min(...many)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...many)).toBeLessThan(1);
  expect(many.reduce((sum, value) => sum + value, 0) / many.length).toBeCloseTo(0.5, 1);
});
