import { BASE_STYLE, colours } from '../../../core/page-style';

export { COLOURS } from '../../../core/page-style';

const PARTS = `
.tiles{list-style:none;margin:0 0 1rem;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem}
.tiles li{background:var(--panel);border:1px solid var(--rule);border-radius:.5rem;padding:.625rem .75rem}
.tiles .label{display:block;color:var(--quiet);font-size:.8125rem}.tiles strong{display:block;font-size:1.375rem;line-height:1.3}.tiles strong.long{font-size:1.0625rem;line-height:1.68}.tiles .quiet{font-size:.8125rem}
.limits{list-style:none;margin:0;padding:0}
.limits li{display:grid;grid-template-columns:minmax(0,13rem) 8rem minmax(6rem,1fr) minmax(0,15rem);gap:0 1rem;align-items:center;padding:.375rem 0;border-bottom:1px solid var(--rule)}
.limits.saved li{grid-template-columns:minmax(0,13rem) minmax(6rem,1fr) minmax(0,15rem)}
.limits .name{font-weight:600}.limits .figure{text-align:right}.limits .share{color:var(--quiet)}.drawn{display:block;line-height:0}
.nothing{color:var(--quiet);font-style:italic;font-size:.875rem;line-height:1.5}
.courses{display:grid;gap:1rem 1.5rem;grid-template-columns:minmax(0,1fr)}
.courses.of-2{grid-template-columns:repeat(2,minmax(0,1fr))}.courses.of-3{grid-template-columns:repeat(3,minmax(0,1fr))}
.panel{min-width:0}
.table{overflow-x:auto;margin-top:.75rem}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;padding:.3125rem .5rem;border-bottom:1px solid var(--rule);vertical-align:top;font-weight:400;min-width:4rem}
thead th{color:var(--quiet);font-size:.8125rem}td.amount,th.amount{text-align:right;white-space:nowrap}td .bar{min-width:5rem}
details{border:1px solid var(--rule);border-radius:.5rem;padding:.5rem .75rem;margin-top:.5rem}
summary{cursor:pointer}summary h3,summary h4{display:inline;font-size:1rem}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,14rem),1fr));gap:.5rem 1rem;margin:.75rem 0}
dt{color:var(--quiet);font-size:.8125rem}dd{margin:0;font-size:.9375rem}
.events{list-style:none;margin:.75rem 0 0;padding:0;font-size:.9375rem}
.events li{display:grid;grid-template-columns:8rem 11.5rem minmax(0,1fr);gap:0 1rem;padding:.3125rem 0;border-bottom:1px solid var(--rule)}
.events strong{font-weight:600}
.on-paper{display:none}
:focus-visible{outline:2px solid var(--line);outline-offset:2px}
`;

const CHARTS = `
.chart{width:100%;height:auto;display:block;overflow:visible;max-width:61rem}
.chart.small{display:none;max-width:30rem}.of-3 .chart.small{display:block}
.chart text{font:11px system-ui,sans-serif;fill:var(--quiet);font-variant-numeric:tabular-nums}
.chart .value{fill:var(--text);font-weight:700}.chart text.limit{fill:var(--stop);font-weight:600}.chart text.expected{fill:var(--line)}
.chart .leader{fill:none;stroke:var(--quiet);stroke-width:.75}
.chart .axis path{stroke:var(--rule)}.chart .base line,.chart path.base,.grid line{stroke:var(--rule)}
.line path{fill:none;stroke:var(--line);stroke-width:2}.area path{fill:var(--line);opacity:.12}
.forecast path{fill:none;stroke:var(--line);stroke-width:2;stroke-dasharray:2 4}
.chart g.limit line{stroke:var(--stop);stroke-width:1.75}.threshold line{stroke:var(--quiet);stroke-dasharray:4 4;stroke-width:1}
.held rect{opacity:.1}.held.stopped rect{fill:var(--stop)}.held.degraded rect{fill:var(--warn)}.months rect{fill:var(--line)}.over rect{fill:var(--stop)}
.mark{stroke:var(--ground);stroke-width:1}.mark.mail,.mail circle{fill:var(--ground);stroke:var(--warn);stroke-width:1.5}
g.mark.stop{fill:var(--stop)}g.mark.degrade{fill:var(--warn)}.mark.open{fill:var(--open)}
.chart text.lane{font-weight:600;font-size:12px;fill:var(--text)}.chart text.hold{fill:var(--text)}
rect.stopped{fill:var(--stop)}rect.degraded{fill:var(--warn)}
.bar{display:block;overflow:visible}.bar .track{fill:var(--rule)}.bar .good{fill:var(--open)}.bar .warn{fill:var(--warn)}.bar .bad{fill:var(--stop)}.bar .other{fill:var(--line)}
.bar .expected{fill:none;stroke:var(--line);stroke-dasharray:3 2}.bar .limit{stroke:var(--text);stroke-width:3}.bar .gap{fill:none;stroke:var(--ground);stroke-width:2.5}.bar .tick{stroke:var(--quiet);stroke-width:1}
`;

const NARROW = `
@media screen and (max-width:48rem){
.chart{display:none}.chart.small,.of-3 .chart.small{display:block}
.courses.of-2,.courses.of-3{grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr))}
.limits li,.limits.saved li{grid-template-columns:minmax(0,1fr) auto;gap:0 .75rem}.limits .drawn,.limits .figure{grid-column:1/-1}.limits .figure{text-align:left}
.verdict{font-size:1.375rem}
.events li{grid-template-columns:auto 1fr;gap:0 .75rem}.events .why{grid-column:1/-1}
}
`;

/** What a printer leaves out are grounds: all that is drawn has lines or fills of its own. */
const PRINT = `
@media print{
@page{margin:12mm}
:root{color-scheme:light;${colours('light')}}
body{font-size:10pt;background:none}main,header,footer{max-width:none;padding:0}
.verdict{font-size:15pt}.part{margin-top:1.1rem}h2,h3,h4,caption,summary{break-after:avoid}
details::details-content{content-visibility:visible;display:block;height:auto}
details{border:0;padding:0}summary{list-style:none}
.on-screen,nav{display:none}.on-paper{display:block}
.table{overflow:visible}.chart,.limits li,.tiles li,tr,.panel{break-inside:avoid}
.ten tbody tr:nth-child(n+11){display:none}
table{font-size:8.5pt}th,td{padding:.15rem .35rem}dl{gap:.2rem 1rem;grid-template-columns:repeat(3,1fr)}
.courses.of-3{grid-template-columns:repeat(2,minmax(0,1fr))}.courses.of-3 .chart{max-width:none}
.limits li{grid-template-columns:minmax(0,11rem) 7rem minmax(5rem,1fr) minmax(0,13rem)}.limits.saved li{grid-template-columns:minmax(0,11rem) minmax(5rem,1fr) minmax(0,13rem)}
.events{font-size:9pt}.events li{grid-template-columns:7rem 10rem minmax(0,1fr)}
}
`;

const STILL = '@media (prefers-reduced-motion:reduce){*{scroll-behavior:auto;transition:none}}';

export const STYLE = `${BASE_STYLE}${PARTS}${CHARTS}${NARROW}${STILL}${PRINT}`;
