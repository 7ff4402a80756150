/** How every page of this project looks: the replay's and the organisation's. */

/** Contrast of text on its ground is 4.5 or more in both schemes: checked in test/simulator/report/html.test.ts. */
export const COLOURS = {
  light: {
    ground: '#ffffff',
    panel: '#f5f7f9',
    text: '#16191d',
    quiet: '#535b65',
    rule: '#d8dee3',
    line: '#0a5cad',
    stop: '#b3140c',
    open: '#1d6b2f',
    warn: '#8a4b00',
  },
  dark: {
    ground: '#12161b',
    panel: '#1a2027',
    text: '#e9edf1',
    quiet: '#a8b3bd',
    rule: '#36404a',
    line: '#7fb8ff',
    stop: '#ff9d92',
    open: '#7ed491',
    warn: '#f0b968',
  },
} as const;

/** As properties of CSS. */
export const colours = (scheme: keyof typeof COLOURS) =>
  Object.entries(COLOURS[scheme])
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** Heads, verdict, parts and quiet text, in both schemes. */
export const BASE_STYLE = `
:root{color-scheme:light dark;${colours('light')}}
@media (prefers-color-scheme:dark){:root{${colours('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:63rem;margin:0 auto;padding:0 1rem;overflow-wrap:anywhere}
header{padding-top:1.5rem}footer{padding-top:2rem;padding-bottom:2rem}
h1,h2,h3,h4,p{margin:0}
h1{font-size:1.25rem;font-weight:600}h2{font-size:1.25rem;margin-bottom:.75rem}
.part>h3,.panel>h3,.panel>h4,.part>h4{font-size:1rem;margin:.75rem 0 .25rem}.report .part>h3{font-size:1.125rem;margin:0 0 .5rem}
.report>h2{font-size:1.5rem;border-top:3px solid var(--text);padding-top:1rem;margin-top:3rem}
.over{font-size:.8125rem;color:var(--quiet);letter-spacing:.04em;text-transform:uppercase}
.verdict{font-size:1.625rem;line-height:1.3;font-weight:650;margin:.5rem 0;max-width:52rem;text-wrap:balance}
.report .verdict{font-size:1.25rem}
.verdict span,.good.badge{color:var(--open)}.warn.verdict span,.warn.badge{color:var(--warn)}.bad.verdict span,.bad.badge{color:var(--stop)}
.part{margin-top:2.25rem}.part p{margin:.5rem 0;max-width:46rem}
footer,.quiet{color:var(--quiet);font-size:.875rem}
.badge{white-space:nowrap;font-size:.875rem}
a{color:var(--line)}nav ul{margin:0;padding-left:1.25rem}.attention ul{margin:0;padding-left:1.25rem}.attention{border-left:4px solid var(--warn);padding-left:1rem}
`;
