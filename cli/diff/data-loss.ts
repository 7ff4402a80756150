import type { Resource, Template } from './template';
import { rendered } from './canonical';
import { valueChanges, valueText, type ValueChange } from './leaves';
import { KEPT } from './permissions';
import type { ResourceChange } from './resources';
import { factsOf } from './table';
import type { Weakening } from './weaker';

const KEEPS = [...KEPT, 'Snapshot'];
const FLAG = /DeletionProtect|TerminationProtect|PointInTimeRecovery\w*Enabled|ObjectLockEnabled|Versioning/;
const DAYS = /Retention(Period|InDays|Days|PeriodHours)?(InDays|InHours)?$|RetentionPeriod\w*$|Expiration(InDays)?$/;

/** Data that a deploy loses, may lose, or keeps less well. Types that hold data are those of the schemas. */
export function dataLosses(base: Template, head: Template, resources: readonly ResourceChange[]): readonly Weakening[] {
  const lost = resources.flatMap(({ logicalId, type, impact }): readonly Weakening[] => {
    const was = base.Resources?.[logicalId];
    if (was === undefined || !factsOf(was.Type)?.stateful) return [];
    if (impact === 'removed' && !KEEPS.includes(String(was.DeletionPolicy))) {
      return [lossOf(`${logicalId} (${was.Type})`, 'deleted, with all that it holds')];
    }
    const is = head.Resources?.[logicalId];
    const isReplaced = impact === 'replaced' || impact === 'mayReplace';
    if (!isReplaced || KEEPS.includes(String(is?.UpdateReplacePolicy))) return [];
    return [lossOf(`${logicalId} (${type})`, `${impact === 'mayReplace' ? 'may be ' : ''}replaced by an empty one`)];
  });
  const kept = Object.entries(base.Resources ?? {}).flatMap(([id, was]) => {
    const is = head.Resources?.[id];
    return is === undefined || is.Type !== was.Type ? [] : keptLess(id, was, is);
  });
  return [...lost, ...kept];
}

function lossOf(what: string, why: string): Weakening {
  return { of: 'data', what, before: 'there', after: undefined, why };
}

function keptLess(id: string, was: Resource, is: Resource): readonly Weakening[] {
  const policies = (['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    .filter((name) => KEEPS.includes(String(was[name])) && !KEEPS.includes(String(is[name])))
    .map((name) => keeps(id, { path: name, before: was[name], after: is[name] }, 'no longer kept when it goes'));
  const properties = valueChanges(was.Properties ?? {}, is.Properties ?? {}).flatMap((change) => {
    const why = reasonOf(change);
    return why === undefined ? [] : [keeps(id, change, why)];
  });
  return [...policies, ...properties];
}

function keeps(id: string, { path, before, after }: ValueChange, why: string): Weakening {
  return { of: 'data', what: `${id}: ${path}`, before: valueText(before), after: valueText(after), why };
}

function reasonOf({ path, before, after }: ValueChange): string | undefined {
  const isOn = (value: unknown) => value !== undefined && /^(true|Enabled|ENABLED|on)$/.test(rendered(value));
  if (FLAG.test(path) && isOn(before) && !isOn(after)) return 'a protection that is off';
  if (path.endsWith('TimeToLiveSpecification.Enabled') && isOn(after) && !isOn(before)) return 'entries expire';
  const name = path.split('.').at(-1) ?? '';
  if (!DAYS.test(name)) return undefined;
  const [was, is] = [before, after].map((value) => (value === undefined ? undefined : Number(rendered(value))));
  // Logs without a figure are kept for ever, and so are objects; of backups the service has a default.
  if (was === undefined)
    return /RetentionInDays|Expiration/.test(name) ? 'kept for a while, and no longer for ever' : undefined;
  if (is === undefined)
    return /RetentionInDays|Expiration/.test(name) ? undefined : 'kept for as long as the service does';
  return is < was || isNaN(is) || isNaN(was) ? 'kept for less long' : undefined;
}
