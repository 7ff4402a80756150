import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeStale, WorkFolder } from '../../local/work-folder';

const MEGABYTE = 1024 * 1024;
let parent: string;

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'work-folder-test-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** A process that is gone. */
const gone = () => spawnSync('true').pid;

function leftBy(owner: unknown): string {
  const folder = path.join(parent, 'spend-guard-local-left');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'owner.json'), typeof owner === 'string' ? owner : JSON.stringify(owner));
  return folder;
}

describe('a full disk', () => {
  test.each([
    [256, true],
    [255, false],
    [0, false],
  ])('%d MB left: enough %s', (megabytes, enough) => {
    const make = () => WorkFolder.make(parent, () => megabytes * MEGABYTE);
    if (enough) expect(existsSync(make().path)).toBe(true);
    else {
      expect(make).toThrow(`${parent} has ${megabytes} MB left and the local AWS needs 256: free some`);
      expect(readdirSync(parent)).toEqual([]);
    }
  });

  test('the disk itself is asked', () => {
    expect(existsSync(WorkFolder.make(parent).path)).toBe(true);
  });
});

test('a folder goes with what is in it, and removing it twice does no harm', () => {
  const work = WorkFolder.make(parent);
  writeFileSync(path.join(work.inside('deep'), 'file'), '');
  work.remove();
  work.remove();
  expect(readdirSync(parent)).toEqual([]);
});

describe('what an interrupted run left', () => {
  test('is removed, and named', async () => {
    const folder = leftBy({ pid: gone() });
    expect(await removeStale(parent)).toEqual([`removed what an interrupted run left: ${folder}`]);
    expect(readdirSync(parent)).toEqual([]);
  });

  test('of a run that goes on nothing is touched', async () => {
    const work = WorkFolder.make(parent);
    expect(await removeStale(parent)).toEqual([]);
    expect(existsSync(work.path)).toBe(true);
  });

  test.each(['', '{"pid":', 'null'])('a folder that is just being made is left alone: %j', async (owner) => {
    const folder = leftBy(owner);
    expect(await removeStale(parent)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  test('folders of other programs are left alone', async () => {
    mkdirSync(path.join(parent, 'other'));
    expect(await removeStale(parent)).toEqual([]);
  });

  test('its emulator is ended', async () => {
    const folder = path.join(parent, 'spend-guard-local-left');
    const emulator = spawn('sh', ['-c', 'sleep 20; true', folder], { detached: true, stdio: 'ignore' });
    const ended = new Promise((resolve) => void emulator.once('exit', (_, signal) => resolve(signal)));
    leftBy({ pid: gone(), emulator: emulator.pid });
    expect((await removeStale(parent))[0]).toContain(`and its emulator ${emulator.pid}`);
    expect(await ended).toBe('SIGKILL');
  });

  test("another program that has the emulator's process id by now is not ended", async () => {
    const other = spawn('sleep', ['20'], { detached: true, stdio: 'ignore' });
    leftBy({ pid: gone(), emulator: other.pid });
    expect((await removeStale(parent))[0]).not.toContain('emulator');
    expect(other.kill('SIGTERM')).toBe(true);
  });
});
