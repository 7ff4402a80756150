import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { preparePython } from '../../local/python';

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'python-test-'));
  mkdirSync(path.join(root, 'local'));
  writeFileSync(path.join(root, 'local/requirements.txt'), 'ministack==1.5.33\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A command that answers as a Python of this version, makes a `.venv` with itself in it, and records its calls. */
function pythonOf(version: string, { pip = 'exit 0', venv = '' } = {}): string {
  const file = path.join(root, `python-${version}`);
  const made = path.join(root, '.venv/bin');
  writeFileSync(
    file,
    `#!/bin/sh
echo "$*" >> ${root}/calls
case "$2" in
  venv) ${venv || `mkdir -p ${made} && cp ${file} ${made}/python`} ;;
  pip) ${pip} ;;
  *) echo ${version} ;;
esac
`,
  );
  chmodSync(file, 0o755);
  return file;
}

const calls = () => readFileSync(path.join(root, 'calls'), 'utf8');
const MISSING = path.join(tmpdir(), 'no-such-python');

test.each([
  ['3.9', false],
  ['3.10', true],
  ['3.14', true],
  ['2.7', false],
  ['4.0', true],
])('Python %s: new enough %s', async (version, enough) => {
  const prepared = preparePython({ root, commands: [pythonOf(version)] });
  if (enough) expect(await prepared).toBe(path.join(root, '.venv/bin/python'));
  else
    await expect(prepared).rejects.toMatchObject({ code: 'PYTHON_TOO_OLD', message: expect.stringContaining(version) });
});

test('without any Python one line says what is needed', async () => {
  await expect(preparePython({ root, commands: [MISSING] })).rejects.toMatchObject({
    code: 'PYTHON_MISSING',
    message: `the local AWS needs Python 3.10 or later on the PATH; found none of ${MISSING}`,
  });
});

test('the first one that is new enough is taken', async () => {
  await preparePython({ root, commands: [MISSING, pythonOf('3.9'), pythonOf('3.12')] });
  expect(readFileSync(path.join(root, '.venv/bin/python'), 'utf8')).toContain('echo 3.12');
});

test('packages come with their hashes, and only once', async () => {
  const commands = [pythonOf('3.11')];
  await preparePython({ root, commands });
  expect(calls()).toContain(`--require-hashes -r ${root}/local/requirements.txt`);
  rmSync(path.join(root, 'calls'));
  await preparePython({ root, commands });
  expect(existsSync(path.join(root, 'calls'))).toBe(false);
});

test('other requirements are installed into the same environment', async () => {
  const commands = [pythonOf('3.11')];
  await preparePython({ root, commands });
  rmSync(path.join(root, 'calls'));
  writeFileSync(path.join(root, 'local/requirements.txt'), 'ministack==1.5.34\n');
  await preparePython({ root, commands });
  expect(calls()).toContain('-m pip install');
  expect(calls()).not.toContain('-m venv');
});

test('an environment whose installation did not end is completed', async () => {
  await expect(preparePython({ root, commands: [pythonOf('3.11', { pip: 'exit 1' })] })).rejects.toMatchObject({
    code: 'PYTHON_PACKAGES',
  });
  pythonOf('3.12');
  writeFileSync(path.join(root, '.venv/bin/python'), readFileSync(path.join(root, 'python-3.12')));
  expect(await preparePython({ root, commands: [] })).toBe(path.join(root, '.venv/bin/python'));
});

test('an environment whose Python does not run is made anew', async () => {
  mkdirSync(path.join(root, '.venv/bin'), { recursive: true });
  writeFileSync(path.join(root, '.venv/bin/python'), '#!/no/such/interpreter\n', { mode: 0o755 });
  await preparePython({ root, commands: [pythonOf('3.11')] });
  expect(calls()).toContain('-m venv --clear');
});

test('an environment of a Python that is too old is made anew', async () => {
  mkdirSync(path.join(root, '.venv/bin'), { recursive: true });
  writeFileSync(path.join(root, '.venv/bin/python'), '#!/bin/sh\necho 3.9\n', { mode: 0o755 });
  await preparePython({ root, commands: [pythonOf('3.11')] });
  expect(calls()).toContain('-m venv --clear');
});

test('a Python without its venv module: one line with the fix', async () => {
  const broken = pythonOf('3.11', { venv: 'echo "No module named venv" >&2; exit 1' });
  await expect(preparePython({ root, commands: [broken] })).rejects.toThrow(
    /can not make a virtual environment \(No module named venv\): .*python3-venv/,
  );
});

test('pip runs out of disk', async () => {
  const full = pythonOf('3.11', { pip: 'echo "ERROR: [Errno 28] No space left on device" >&2; exit 1' });
  await expect(preparePython({ root, commands: [full] })).rejects.toMatchObject({ code: 'DISK_FULL' });
});

test('the line is that of the error, not a warning after it', async () => {
  const refused = pythonOf('3.11', {
    pip: 'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" >&2; echo "WARNING: later" >&2; exit 1',
  });
  await expect(preparePython({ root, commands: [refused] })).rejects.toThrow(/requirements.txt: ERROR: THESE PACKAGES/);
});

test('an interrupt ends it at once', async () => {
  const slow = pythonOf('3.11', { pip: 'exec sleep 20' });
  const ending = new AbortController();
  const prepared = preparePython({ root, commands: [slow], signal: ending.signal });
  setTimeout(() => ending.abort(), 100);
  await expect(prepared).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
