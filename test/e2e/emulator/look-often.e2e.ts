import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../../local/python';

/** Which of two timers is the first to end in a process like the CDK CLI's. */
async function first(timers: string): Promise<string> {
  const script = `Promise.race([${timers}]).then((name) => (console.log(name), process.exit()));`;
  const args = ['--require', path.join(ROOT, 'local/look-often.js'), '-e', script];
  return (await promisify(execFile)(process.execPath, args)).stdout.trim();
}
const waiting = (ms: number) => `new Promise((resolve) => setTimeout(resolve, ${ms}, 'wait'))`;
const timeOut = (ms: number) => `new Promise((resolve) => setTimeout(() => resolve('time-out'), ${ms}))`;

test('what the CLI waits between two looks is cut short', async () => {
  expect(await first(`${timeOut(4_000)}, ${waiting(5_000)}`)).toBe('wait');
});

test('another wait is not, nor a time-out of as long', async () => {
  expect(await first(`${waiting(5_001)}, ${timeOut(1_000)}`)).toBe('time-out');
  expect(await first(`${timeOut(5_000)}, ${waiting(1_000)}`)).toBe('wait');
});
