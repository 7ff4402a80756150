/** Contrast of text on its ground is 4.5 or more in both schemes: checked in test/simulator/report/html.test.ts. */
export const COLOURS = {
  light: {
    ground: '#ffffff',
    text: '#1a1d21',
    quiet: '#545b64',
    rule: '#d5dbdb',
    line: '#0a5cad',
    stop: '#b3140c',
    open: '#1d6b2f',
    warn: '#8a4b00',
  },
  dark: {
    ground: '#12161b',
    text: '#e9edf1',
    quiet: '#a8b3bd',
    rule: '#39424c',
    line: '#7fb8ff',
    stop: '#ff9d92',
    open: '#7ed491',
    warn: '#f0b968',
  },
} as const;

const variables = (scheme: keyof typeof COLOURS) =>
  Object.entries(COLOURS[scheme])
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

export const STYLE = `
:root{color-scheme:light dark;${variables('light')}}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main,header,footer{max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.25rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
.chart{width:100%;min-width:34rem;height:auto;display:block}.bar{fill:var(--line)}
.chart text{font:12px system-ui,sans-serif;fill:var(--quiet)}.chart .value{fill:var(--text);font-weight:600}
.line{fill:none;stroke:var(--line);stroke-width:2}.area{fill:var(--line);opacity:.15}
.limit{stroke:var(--stop);stroke-width:1.5}.threshold{stroke:var(--quiet);stroke-dasharray:4 4}
.mail{fill:var(--warn)}.stop{fill:var(--stop)}.degrade{fill:var(--warn)}.open{fill:var(--open)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.5rem;margin:0}
dt{color:var(--quiet);font-size:.875rem}dd{margin:0;font-weight:600}
.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid var(--rule);vertical-align:top}
td.amount,th.amount{text-align:right;white-space:nowrap}
summary{cursor:pointer;padding:.25rem 0}
:focus-visible{outline:2px solid var(--line);outline-offset:2px}
footer,.quiet{color:var(--quiet);font-size:.875rem}
@media print{details::details-content{content-visibility:visible;display:block}.chart{min-width:0}.table{overflow:visible}section{break-inside:avoid}}
`;
