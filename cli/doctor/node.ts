import { engines } from '../../package.json';
import type { Diagnosis } from './diagnosis';

/** "AWS SDK for JavaScript (v3) versions published after the first week of January 2027 will require node >=22", read 2026-11-28. */
const SOURCE = 'https://github.com/aws/aws-sdk-js-v3/issues/7983';
const SDK_WILL_NEED = 22;

interface Tested {
  readonly major: number;
  /** The oldest minor release that every package of the project takes. */
  readonly minor: number;
}

const TESTED: readonly Tested[] = [...engines.node.matchAll(/(\d+)\.(\d+)\./g)].map(([, major, minor]) => ({
  major: Number(major),
  minor: Number(minor),
}));

/**
 * Whether the project is tested on the Node that runs this, and until when.
 * @param version such as `v24.21.0`
 */
export function nodeDiagnosis(version: string): Diagnosis {
  const base = { check: 'node', subject: version } as const;
  const [major = Number.NaN, minor = Number.NaN] = version.replace('v', '').split('.').map(Number);
  const fix = `install Node ${TESTED.at(-1)?.major}`;
  const tested = TESTED.find((one) => one.major === major);
  if (!tested) {
    const majors = TESTED.map((one) => one.major).join(', ');
    return { ...base, status: 'warning', detail: `not tested on it: the tests run on Node ${majors}`, fix };
  }
  if (minor < tested.minor) {
    const detail = `older than ${tested.major}.${tested.minor}, from which on the packages that are installed here take it`;
    return { ...base, status: 'warning', detail, fix };
  }
  if (major >= SDK_WILL_NEED) return { ...base, status: 'ok', detail: 'tested on it' };
  const detail = `tested on it; AWS SDKs published after the first week of January 2027 need Node ${SDK_WILL_NEED} (${SOURCE}), and the first release of this project that takes one no longer runs on Node ${major}`;
  return { ...base, status: 'warning', detail, fix };
}
