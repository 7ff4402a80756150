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
    const un = new Set(ru.unexercised().map(g => g.replace(/, if (Null|ForAll|String|Arn)\S* /, ', if ').replace(/, if (?!dynamodb|iam).*/, '').replace(/, if dynamodb:LeadingKeys false/,'').replace(/^\S+\[/, '[')));
    const all = new Set(ru.grants().map(g => g.replace(/, if (Null|ForAll|String|Arn)\S* /, ', if ').replace(/, if (?!dynamodb|iam).*/, '').replace(/, if dynamodb:LeadingKeys false/,'').replace(/^\S+\[/, '[')));
    const usedSet = new Set([...all].filter(a => !ru.unexercised().some(u => false)));
    const used = new Set(ru.grants().filter(g => !ru.unexercised().includes(g)).map(g => g.replace(/, if (Null|ForAll|String|Arn)\S* /, ', if ').replace(/, if (?!dynamodb|iam).*/, '').replace(/, if dynamodb:LeadingKeys false/,'').replace(/^\S+\[/, '[')));
    const miss = [...un].filter(u => !used.has(u));
    console.log('##', tag, all.size, 'unused', miss.length);
    if (roles[0].environment === 'dev') for (const one of miss) console.log('   ', tag, one);
  }
})();
