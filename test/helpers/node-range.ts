type Parts = readonly [number, number, number];

const COMPARATOR = /^(\^|>=|)(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?$/;

/** Whether a release is in a range of `engines`, in those of npm's forms that this project's packages use. @throws on others */
export function isInRange(release: string, range: string): boolean {
  return range.split('||').some((all) =>
    all
      .trim()
      .replace(/>= +/g, '>=')
      .split(/\s+/)
      .every((one) => one === '*' || holds(release, one)),
  );
}

function holds(release: string, comparator: string): boolean {
  const parts = COMPARATOR.exec(comparator);
  if (!parts) throw new Error(`a range of engines in a form that is not read: '${comparator}'`);
  const [, operator, ...bounds] = parts;
  const given = bounds.filter((one) => one !== undefined && one !== '*');
  const version = release.split('.').map(Number) as unknown as Parts;
  const bound = [0, 1, 2].map((at) => Number(given[at] ?? 0)) as unknown as Parts;
  if (operator === '') return given.every((one, at) => Number(one) === version[at]);
  return notBelow(version, bound) && (operator === '>=' || version[0] === bound[0]);
}

function notBelow(version: Parts, bound: Parts): boolean {
  const at = version.findIndex((part, index) => part !== bound[index]);
  return at === -1 || (version[at] ?? 0) > (bound[at] ?? 0);
}
