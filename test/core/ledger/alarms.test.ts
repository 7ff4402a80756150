import { Alarms } from '../../../core/ledger/alarms';
import { VirtualTime } from '../../helpers/virtual-time';

function alarms() {
  const time = new VirtualTime(0);
  const kinds: unknown[] = [];
  const made = new Alarms<'one' | 'other'>((ms, run, kind) => {
    kinds.push(kind);
    return time.after(ms, run);
  });
  return { time, kinds, made };
}

test('an alarm rings once, and is set until then', async () => {
  const { time, made } = alarms();
  const ring = jest.fn(() => made.isSet('one'));
  made.set('one', 100, ring);
  await time.runUntil(99);
  expect([made.isSet('one'), made.isSet('other'), ring.mock.calls.length]).toEqual([true, false, 0]);
  await time.runUntil(1000);
  expect(ring).toHaveBeenCalledTimes(1);
  // So that what rings can set it again.
  expect(ring).toHaveReturnedWith(false);
  expect(made.isSet('one')).toBe(false);
});

test('setting it again moves it, and no other', async () => {
  const { time, made } = alarms();
  const [first, second, other] = [jest.fn(), jest.fn(), jest.fn()];
  made.set('one', 100, first);
  made.set('other', 100, other);
  made.set('one', 200, second);
  await time.runUntil(150);
  expect([first, second, other].map((ring) => ring.mock.calls.length)).toEqual([0, 0, 1]);
  await time.runUntil(250);
  expect([first, second, other].map((ring) => ring.mock.calls.length)).toEqual([0, 1, 1]);
});

test('none of them keeps a process alive', () => {
  const { kinds, made } = alarms();
  made.set('one', 1, () => {});
  expect(kinds).toEqual(['background']);
});
