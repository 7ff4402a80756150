import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { folderOnceARun, onceARun } from '../helpers/once-a-run';

describe('what is made once in a run', () => {
  test('is made for the first that asks, and read by the others', () => {
    const make = jest.fn(() => ({ made: [1, 2] }));
    const [first, second] = [onceARun('test', { a: 1 }, make), onceARun('test', { a: 1 }, make)];
    expect([first, second]).toEqual([{ made: [1, 2] }, { made: [1, 2] }]);
    expect(second).not.toBe(first);
    expect(make).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['of something else', 'test', { b: 1 }],
    ['something else', 'other', { b: 2 }],
  ])('is another one where it is %s', (_what, what, key) => {
    expect(onceARun('test', { b: 2 }, () => 'one')).toBe('one');
    expect(onceARun(what, key, () => 'another')).toBe('another');
  });

  test('is made again after a failure', () => {
    const fails = () => {
      throw new Error('not made');
    };
    expect(() => onceARun('test', 'fails', fails)).toThrow('not made');
    expect(onceARun('test', 'fails', () => 'made')).toBe('made');
  });

  test('is a folder, full for whoever sees it, also where two make it at once', () => {
    const fill = (content: string) => (folder: string) => writeFileSync(path.join(folder, 'file'), content);
    const folder = folderOnceARun('folder', 1, (draft) => {
      expect(folderOnceARun('folder', 1, fill('the faster'))).not.toBe(draft);
      fill('the slower')(draft);
    });
    expect(folderOnceARun('folder', 1, fill('a third'))).toBe(folder);
    expect(readFileSync(path.join(folder, 'file'), 'utf8')).toBe('the faster');
    expect(readdirSync(path.dirname(folder)).filter((name) => name.startsWith(`${path.basename(folder)}.`))).toEqual(
      [],
    );
  });

  test('is made each time outside of a run, whose folder nobody would remove', () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'outside-'));
    try {
      const make = jest.fn(() => 1);
      onceARun('test', 'outside', make, outside);
      onceARun('test', 'outside', make, outside);
      expect(make).toHaveBeenCalledTimes(2);
      const folders = [1, 2].map(() => folderOnceARun('folder', 'outside', () => undefined, outside));
      expect(new Set(folders).size).toBe(2);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});
