import type { ReadableResource, ReadableTemplate } from './readable';

/** In the order in which a reviewer should read; a type that none names stands last. */
const SECTIONS: readonly (readonly [title: string, types: RegExp])[] = [
  ['roles and policies', /^AWS::IAM::|Policy$|Permission$/],
  ['what acts', /^AWS::(Lambda|Scheduler|Events|Budgets)::|^Custom::/],
  ['alarms', /::Alarm$/],
  ['what is kept', /^AWS::(DynamoDB|SNS|SQS|Logs)::/],
  ['the rest', /./],
];

/** Of so many resources of a type, what most have in common is said once. */
const FEWEST = 3;
/** Said at each: what a role may do is read where the role is. */
const ALWAYS = /PolicyDocument$/;

/** A whole template in reading order. */
export function sections({ resources, rest, contract }: ReadableTemplate): Readonly<Record<string, unknown>> {
  const all = Object.entries(resources);
  const titled = SECTIONS.map(([title], nth) => {
    const members = all.filter(([, { type }]) => SECTIONS.findIndex(([, types]) => types.test(type)) === nth);
    return [title, section(members, nth === 0)] as const;
  });
  return { ...Object.fromEntries(titled), ...rest, 'logical ids': contract };
}

type Member = readonly [id: string, resource: ReadableResource];

/** A role and its policy stand together by their names; anything else by its type. */
function section(members: readonly Member[], byName: boolean): Readonly<Record<string, unknown>> {
  const types = [...new Set(members.map(([, { type }]) => type))].sort();
  const usual = new Map(types.map((type) => [type, usually(members.filter((one) => one[1].type === type))]));
  const heads = types
    .filter((type) => Object.keys(usual.get(type)!).length > 0)
    .map((type) => [`every ${type} unless it says otherwise`, usual.get(type)!] as const);
  const told = (of: readonly Member[]) =>
    of.map(([id, { type, properties }]) => [`${id} (${type})`, otherwise(properties, usual.get(type)!)] as const);
  if (byName) return Object.fromEntries([...heads, ...told(members)]);
  return Object.fromEntries(
    types.flatMap((type) => [
      ...heads.filter(([head]) => head === `every ${type} unless it says otherwise`),
      ...told(members.filter((one) => one[1].type === type)),
    ]),
  );
}

type Properties = ReadableResource['properties'];

/** The properties that more than half of them have, with the same value. */
function usually(members: readonly Member[]): Properties {
  if (members.length < FEWEST) return {};
  const names = [...new Set(members.flatMap(([, { properties }]) => Object.keys(properties)))].sort();
  return Object.fromEntries(
    names
      .filter((name) => !ALWAYS.test(name))
      .flatMap((name) => {
        const texts = members.map(([, { properties }]) => JSON.stringify(properties[name]));
        const found = texts.findIndex((text) => texts.filter((one) => one === text).length * 2 > texts.length);
        return found < 0 || texts[found] === undefined ? [] : [[name, members[found]![1].properties[name]] as const];
      }),
  );
}

function otherwise(properties: Properties, usual: Properties): Properties {
  const lacking = Object.keys(usual).filter((name) => !(name in properties));
  return {
    ...Object.fromEntries(
      Object.entries(properties).filter(([name, one]) => JSON.stringify(one) !== JSON.stringify(usual[name])),
    ),
    ...Object.fromEntries(lacking.map((name) => [name, '<none>'])),
  };
}
