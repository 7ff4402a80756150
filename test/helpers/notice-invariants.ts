import type { MeterState } from '../../core/decision/meter-state';
import type { Notice } from '../../core/notice';

/** What is wrong with notices as they came, some of them twice. Empty: each fact's messages tell one story. */
export function noticeFaults(arrived: readonly Notice[]): readonly string[] {
  const faults: string[] = [];
  const byKey = new Map<string, Notice>();
  for (const notice of arrived) {
    const before = byKey.get(notice.key);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(notice)) {
      faults.push(`${notice.key} says two things: ${before.title}; ${notice.title}`);
    }
    byKey.set(notice.key, notice);
  }
  for (const [fact, story] of stories([...byKey.values()])) {
    story.forEach((notice, index) => {
      const last = story[index - 1];
      if (last !== undefined && notice.at <= last.at)
        faults.push(`${fact}: ${notice.key} is not later than ${last.key}`);
      if (notice.status === 'resolved' && last?.status !== 'firing') {
        faults.push(`${fact}: ${notice.key} resolves what did not fire`);
      }
      if (notice.status === 'once' && story.length > 1)
        faults.push(`${fact}: ${notice.key} is told once, and is not alone`);
    });
  }
  return faults;
}

/** Facts whose last word is that they hold. */
export function stillFiring(arrived: readonly Notice[]): readonly string[] {
  return [...stories(arrived)]
    .filter(([, story]) => story.at(-1)?.status === 'firing')
    .map(([fact]) => fact)
    .sort();
}

/** What must be firing, by what the meter knows. */
export function knownToHold(environment: string, { decision, enforcement, firing, bill, budgets }: MeterState) {
  const holds: Readonly<Record<string, boolean>> = {
    state: decision.desired !== 'open' || decision.grace !== undefined,
    blind: decision.blindSince !== undefined,
    override: decision.override !== undefined,
    unattributed: decision.alerted.some((key) => key.includes('|unattributed|')),
    partial: enforcement.pagedOpen.length > 0,
    activity: firing?.notTold === true,
    leak: firing?.leak === true,
    contradiction: firing?.contradiction === true,
    billAction: firing?.billAction !== undefined,
    billLeftover: bill.leftoverTold !== undefined,
    budgetOrders: budgets?.unread !== undefined,
  };
  return Object.keys(holds)
    .filter((fact) => holds[fact])
    .map((fact) => `${environment}|meter|${fact}`)
    .sort();
}

/** How many came more than once. */
export function repeatedKeys(arrived: readonly Notice[]): number {
  return arrived.length - new Set(arrived.map(({ key }) => key)).size;
}

function stories(arrived: readonly Notice[]): ReadonlyMap<string, readonly Notice[]> {
  const byFact = new Map<string, Notice[]>();
  for (const notice of arrived) byFact.set(notice.fact, [...(byFact.get(notice.fact) ?? []), notice]);
  return byFact;
}
