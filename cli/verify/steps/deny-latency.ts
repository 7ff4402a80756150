import { MINUTE_MS } from '../../../core/calendar';
import { ServiceError, type Refusal } from '../../../core/errors';
import {
  callerDocument,
  CONFIRMATIONS,
  denyVersions,
  FLIPS,
  type Flip,
  type Judged,
  judgeDenyLatency,
  pauseAfter,
  type SessionCaller,
  sourceArn,
  type StreamReading,
  WAITS,
} from '../../../core/verify';
import { sha256 } from '../../../lambda/digest';
import type { Verification } from '../context';
import { Streams } from '../streams';

const STEP = 'deny-latency';
const CALL_MS = 30_000;

type Became = 'answered' | 'refused' | 'unknown';

export async function denyLatency(v: Verification): Promise<Judged> {
  const { verify } = v.services;
  const profileArn = await v.made.profile(STEP, sourceArn(v.model));
  const role = await v.made.role(STEP);
  await onceKnown(v, () => verify.roles.allow(role.name, callerDocument(v.model, profileArn)));
  const documents = denyVersions(v.model, sha256);
  const policyArn = await v.made.policy(STEP, documents.open);
  const versions = verify.policyVersions(policyArn);
  await onceKnown(v, () => versions.create(documents.stopped));
  const [open, stopped] = await onceKnown(v, openAndStopped);
  await onceKnown(v, () => verify.roles.attach(policyArn, role.name));
  v.progress(`${STEP}: waiting until the new role may call`);
  const session = await opened(v, role.arn);
  const ready = await until(v, session, profileArn, 'answered', v.now(), WAITS.ready);
  if (ready === undefined) {
    throw new ServiceError('accessDenied', 'NeverAnswered', `calls of the new role ${role.name} were never answered`);
  }
  const flips: Flip[] = [];
  let stream: StreamReading | undefined;
  for (let at = 0; at < FLIPS; at += 1) {
    v.progress(`${STEP}: deny ${at + 1} of ${FLIPS}`);
    // One look at streams is enough, and they cost the most.
    const streams = at === 0 ? await Streams.begin(v, session, profileArn) : undefined;
    await versions.setDefault(stopped);
    const denied = v.now();
    const refusedAfterMs = await until(v, session, profileArn, 'refused', denied, WAITS.flip);
    if (refusedAfterMs !== undefined) stream = (await streams?.inFlightAt(denied + refusedAfterMs)) ?? stream;
    else streams?.stop();
    await versions.setDefault(open);
    const answeredAgainAfterMs = await until(v, session, profileArn, 'answered', v.now(), WAITS.flip);
    flips.push({
      ...(refusedAfterMs === undefined ? {} : { refusedAfterMs }),
      ...(answeredAgainAfterMs === undefined ? {} : { answeredAgainAfterMs }),
    });
  }
  return judgeDenyLatency({
    flips,
    ...(stream ? { stream } : {}),
    waitMs: WAITS.flip,
    assumedMs: v.environment.meter.overshoot.assumptions.enforcementMinutes * MINUTE_MS,
  });

  async function openAndStopped(): Promise<readonly [string, string]> {
    const all = await versions.list();
    const [first, second] = [all.find(({ isDefault }) => isDefault), all.find(({ isDefault }) => !isDefault)];
    if (first && second) return [first.id, second.id];
    throw new ServiceError('notFound', 'VersionsMissing', `IAM lists ${all.length} versions of ${policyArn}, not 2`);
  }
}

/** IAM is eventually consistent: what was made a moment ago may not be there for the next request. */
async function onceKnown<T>(v: Verification, work: () => Promise<T>, unknownIs: Refusal = 'notFound'): Promise<T> {
  const began = v.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isNew = error instanceof ServiceError && error.refusal === unknownIs;
      if (!isNew || v.now() - began >= WAITS.ready) throw error;
      await v.sleep(pauseAfter(v.now() - began));
    }
  }
}

/** STS refuses a role that it does not know yet as one that does not trust the caller. */
function opened(v: Verification, roleArn: string): Promise<SessionCaller> {
  const { verify, pace } = v.services;
  return onceKnown(v, () => verify.sessions.open(roleArn, 'spend-guard-verify', pace.timeout(CALL_MS)), 'accessDenied');
}

/** @returns how long after `from` the first of several calls in a row met what is waited for; undefined: none within the wait */
async function until(
  v: Verification,
  session: SessionCaller,
  profileArn: string,
  wanted: 'answered' | 'refused',
  from: number,
  waitMs: number,
): Promise<number | undefined> {
  let first: number | undefined;
  for (let inARow = 0; ;) {
    const became = await callOf(v, session, profileArn);
    const after = v.now() - from;
    if (became === wanted) {
      inARow += 1;
      first ??= after;
      if (inARow === CONFIRMATIONS) return first;
    } else if (became !== 'unknown') {
      inARow = 0;
      first = undefined;
    }
    // One that has begun to show is seen to its end, unless calls then tell nothing any more.
    if (after >= (inARow === 0 ? waitMs : 2 * waitMs)) return undefined;
    await v.sleep(pauseAfter(after));
  }
}

async function callOf(v: Verification, session: SessionCaller, profileArn: string): Promise<Became> {
  try {
    v.use(await session.callOnce(profileArn, v.services.pace.timeout(CALL_MS)));
    return 'answered';
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    // What is throttled was let by, and nobody saw an answer.
    return error.refusal === 'accessDenied' ? 'refused' : 'unknown';
  }
}
