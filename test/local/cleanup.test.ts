import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cleanup, endGroup, spawnGroup } from '../../local/cleanup';

test('steps are undone in reverse order, each once, whoever asks', async () => {
  const cleanup = new Cleanup();
  const undone: number[] = [];
  for (const step of [1, 2, 3]) cleanup.add(() => void undone.push(step));
  await Promise.all([cleanup.run(), cleanup.run()]);
  await cleanup.run();
  expect(undone).toEqual([3, 2, 1]);
});

test('a step that was taken back is not undone', async () => {
  const cleanup = new Cleanup();
  const undone: string[] = [];
  cleanup.add(() => void undone.push('kept'));
  cleanup.add(() => void undone.push('taken back'))();
  await cleanup.run();
  expect(undone).toEqual(['kept']);
});

test('a step that fails says so and keeps no other from being undone', async () => {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const cleanup = new Cleanup();
  const undone: string[] = [];
  cleanup.add(() => void undone.push('first'));
  cleanup.add(() => Promise.reject(new Error('busy')));
  await cleanup.run();
  expect(undone).toEqual(['first']);
  expect(said).toHaveBeenCalledWith('cleaning up: busy\n');
  said.mockRestore();
});

test('what is under way gives up before anything is taken from under it', async () => {
  const cleanup = new Cleanup();
  const order: string[] = [];
  cleanup.waitFor(
    new Promise((_, reject) => {
      cleanup.signal.addEventListener('abort', () => {
        setTimeout(() => {
          order.push('gave up');
          reject(new Error('aborted'));
        }, 20);
      });
    }),
  );
  cleanup.add(() => void order.push('undone'));
  await cleanup.run();
  expect(order).toEqual(['gave up', 'undone']);
});

test('what begins after the end has begun is undone at once', async () => {
  const cleanup = new Cleanup();
  await cleanup.run();
  let undone = false;
  cleanup.add(() => void (undone = true));
  expect(undone).toBe(true);
  expect(() => cleanup.check()).toThrow('interrupted');
});

/** Command lines that name it. */
const running = (name: string) => spawnSync('ps', ['ax', '-o', 'args='], { encoding: 'utf8' }).stdout.includes(name);

test.each([
  ['ends when it is asked', ''],
  ['ignores it', "trap '' TERM;"],
])('a child that %s is gone with what it started', async (_, trap) => {
  const name = `group-${process.pid}-${trap.length}`;
  const child = spawnGroup('sh', ['-c', `${trap} sh -c "${trap} while true; do sleep 0.05; done" ${name} & wait`], {
    stdio: 'ignore',
  });
  while (!running(name)) await sleep(10);
  await endGroup(child, 100);
  await sleep(20);
  expect(running(`while true; do sleep 0.05; done ${name}`) || running(` ${name} &`)).toBe(false);
  // Twice does no harm.
  await endGroup(child, 100);
});
