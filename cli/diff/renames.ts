import type { Resource, Template } from './template';
import { canonical } from './canonical';
import { factsOf } from './table';

/**
 * The template before, in which what only has another logical id or another name now is called as in the template after: a
 * permission on it is the same permission.
 */
export function renamedAs(base: Template, head: Template): Template {
  const renamed = moved(base, head);
  const names = Object.entries(head.Resources ?? {}).flatMap(([id, now]) => {
    const [was, is] = [nameOf(renamed.Resources?.[id]), nameOf(now)];
    const service = now.Type.split('::')[1]?.toLowerCase() ?? '';
    return was !== undefined && is !== undefined && was !== is ? [{ was, is, service }] : [];
  });
  if (names.length === 0) return renamed;
  return mapped(renamed, (text) => names.reduce((all, { was, is, service }) => inArn(all, service, was, is), text));
}

/** What refers to something that moved is alike only once that is called by its new id. */
function moved(base: Template, head: Template): Template {
  const ids = movedIds(base, head);
  if (ids.size === 0) return base;
  return moved(
    [...ids].reduce((template, [from, to]) => withId(template, from, to), base),
    head,
  );
}

/** Logical ids that went, with the one that came in their place: of the same type, and the same in all but names. */
function movedIds(base: Template, head: Template): ReadonlyMap<string, string> {
  const [before, after] = [base.Resources ?? {}, head.Resources ?? {}];
  const came = Object.keys(after).filter((id) => before[id] === undefined);
  const ids = new Map<string, string>();
  for (const [id, resource] of Object.entries(before)) {
    if (after[id] !== undefined) continue;
    const text = withoutName(id, resource);
    const alike = came.filter((other) => withoutName(other, after[other] as Resource) === text);
    const isOnly = Object.entries(before).filter(
      ([other, one]) => after[other] === undefined && one.Type === resource.Type && withoutName(other, one) === text,
    );
    const [to] = alike;
    if (to !== undefined && alike.length === 1 && isOnly.length === 1) ids.set(id, to);
  }
  return ids;
}

function withoutName(id: string, resource: Resource): string {
  const name = factsOf(resource.Type)?.name ?? '';
  const { Metadata: _, Properties: properties = {}, ...rest } = resource;
  const kept = Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name));
  return canonical(withId({ Resources: { [id]: { ...rest, Properties: kept } } }, id, 'This'));
}

function nameOf(resource: Resource | undefined): string | undefined {
  const name = resource?.Properties?.[factsOf(resource.Type)?.name ?? ''];
  return typeof name === 'string' ? name : undefined;
}

function inArn(text: string, service: string, was: string, is: string): string {
  const at = text.indexOf(`:${service}:`);
  if (at < 0) return text;
  const escaped = was.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return (
    text.slice(0, at) +
    text.slice(at).replace(new RegExp(`([:/])${escaped}(?=$|[/:*])`), (_, sign: string) => sign + is)
  );
}

/** Each text of a template, references left alone. */
function mapped(template: Template, change: (text: string) => string): Template {
  return JSON.parse(
    JSON.stringify(template, (_, value: unknown) => (typeof value === 'string' ? change(value) : value)),
  ) as Template;
}

function withId(template: Template, from: string, to: string): Template {
  const inText = new RegExp(`\\$\\{${from}(?=[.}])`, 'g');
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(inText, `\${${to}`);
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]: [string, unknown]) => {
        if ((key === 'Ref' || key === 'DependsOn') && inner === from) return [key, to];
        if (key === 'DependsOn' && Array.isArray(inner)) return [key, inner.map((one) => (one === from ? to : one))];
        if (key === 'Fn::GetAtt' && Array.isArray(inner) && inner[0] === from) return [key, [to, ...inner.slice(1)]];
        return [key, rename(inner)];
      }),
    );
  };
  const resources = Object.entries(template.Resources ?? {}).map(([id, resource]) => [
    id === from ? to : id,
    rename(resource),
  ]);
  return { ...template, Resources: Object.fromEntries(resources) as NonNullable<Template['Resources']> };
}
