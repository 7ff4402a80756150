import { escaped, html, type Html, pageOf } from '../markup';
import { formatUsd } from '../money';
import { type Attention, attentionOf } from './attention';
import { brakeText, percentText, spentText, stateText, totalText } from './report-mail';
import type { RolledAccount, RollUp } from './roll-up';

const STYLE = `
:root{color-scheme:light dark}
body{margin:0 auto;max-width:70rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem}h2{font-size:1.25rem;margin:2rem 0 .5rem}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid;vertical-align:top}
td.amount,th.amount{text-align:right;white-space:nowrap}
:focus-visible{outline:2px solid;outline-offset:2px}
`;

export function organizationPage(rolled: RollUp): string {
  const title = `Organisation, ${rolled.month}`;
  return pageOf(
    title,
    STYLE,
    html`<main>
      <h1>${escaped(title)}</h1>
      <p>${escaped(`Spent: ${totalText(rolled)}, as of ${iso(rolled.at)} (UTC).`)}</p>
      ${attentionSection(attentionOf(rolled))}
      <h2>Accounts</h2>
      <p>Amounts are US dollars, by the accounts' own meters; "at least" where something was not heard.</p>
      ${accountsTable(rolled.accounts)}
    </main>`,
  );
}

function attentionSection(attention: readonly Attention[]): Html {
  if (attention.length === 0) return html`<p>Nothing needs a look.</p>`;
  return html`<h2>What needs a look</h2>
    <ul>
      ${attention.map(
        ({ account, text, command }) =>
          html`<li>
            ${escaped(account === undefined ? text : `${account}: ${text}`)}
            ${command === undefined ? html`` : html`<br /><code>${escaped(command)}</code>`}
          </li>`,
      )}
    </ul>`;
}

function accountsTable(accounts: readonly RolledAccount[]): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="Accounts">
    <table>
      <caption>
        Each account against its limit
      </caption>
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col">State</th>
          <th scope="col">Brake</th>
          <th scope="col" class="amount">Spent</th>
          <th scope="col" class="amount">Limit</th>
          <th scope="col" class="amount">Of the limit</th>
          <th scope="col">Last heard</th>
        </tr>
      </thead>
      <tbody>
        ${accounts.map(accountRow)}
      </tbody>
    </table>
  </div>`;
}

function accountRow(one: RolledAccount): Html {
  const { account, isListed, spent, limit } = one;
  return html`<tr>
    <th scope="row">${escaped(isListed ? account : `${account} (unlisted)`)}</th>
    <td>${escaped(stateText(one))}</td>
    <td>${escaped(brakeText(one))}</td>
    <td class="amount">${escaped(spentText(spent))}</td>
    <td class="amount">${escaped(formatUsd(limit))}</td>
    <td class="amount">${escaped(percentText(spent, limit))}</td>
    <td>${escaped(lastHeard(one))}</td>
  </tr>`;
}

function lastHeard({ environments }: RolledAccount): string {
  const times = environments.map(({ stored }) => Date.parse(stored.standing.at));
  return times.length === 0 ? 'never' : iso(Math.min(...times));
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
