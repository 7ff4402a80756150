import { readFileSync } from 'node:fs';
import { IamActions } from '../../helpers/iam-actions';
import { GUARD_SERVICES } from '../../helpers/iam-stack';
import { RoleUses } from './uses';
void (async () => {
  const { uses, granted } = JSON.parse(readFileSync('/tmp/e2e-uses.json', 'utf8'));
  const iam = await IamActions.load(GUARD_SERVICES);
  const byName = new Map<string, any[]>();
  for (const role of granted) byName.set(role.roleName, [...(byName.get(role.roleName) ?? []), role]);
  for (const roles of byName.values()) {
    const ru = new RoleUses(iam, roles, uses);
    const tag = `${roles[0].environment} ${roles[0].feature}`;
    for (const use of ru.uses) { try { new RoleUses(iam, roles, [use]).ungranted().forEach(u => console.log('UNGRANTED', tag, u.action, u.resource, JSON.stringify(u.context))); } catch (e) { console.log('ERR', tag, (e as Error).message); } }
    const un = ru.unexercised();
    console.log(tag, ru.grants().length, 'unused', un.length);
    if (['dev','gone'].includes(roles[0].environment)) for (const one of un) console.log('   ', one.replace(/^\S+\[/, '['));
  }
})();
