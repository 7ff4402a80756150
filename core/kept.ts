/**
 * Keeps a function's last answer, by whose it is. Asked again with the same (the very same objects and values, or lists of them) it
 * gives the same answer, and not only an equal one: what is worked out of that is kept in turn. For what every tick of a warm function
 * asks anew and hardly ever changes.
 * @param work pure; nobody changes its answer, or an object that it was given, in place
 */
export function keepingLast<Owner extends object, Asked extends readonly unknown[], Answer>(
  work: (owner: Owner, ...asked: Asked) => Answer,
): (owner: Owner, ...asked: Asked) => Answer {
  const kept = new WeakMap<Owner, { readonly asked: readonly unknown[]; readonly answer: Answer }>();
  return (owner, ...asked) => {
    const last = kept.get(owner);
    if (last !== undefined && areSame(last.asked, asked)) return last.answer;
    const answer = work(owner, ...asked);
    // A list may be added to by whoever made it.
    kept.set(owner, { asked: asked.map((one) => (Array.isArray(one) ? [...(one as unknown[])] : one)), answer });
    return answer;
  };
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) {
    const [one, other] = [some[at], others[at]];
    if (!(Array.isArray(one) && Array.isArray(other) ? areIdentical(one, other) : Object.is(one, other))) return false;
  }
  return true;
}

function areIdentical(some: readonly unknown[], others: readonly unknown[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (!Object.is(some[at], others[at])) return false;
  return true;
}
