/** The status page's style: follows the reader's light or dark setting; tables become cards on a phone. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #ffffff; --ink: #1b2430; --faint: #5f6b7a; --line: #e2e6eb; --track: #e9edf1;
  --up: #0d7a46; --up-ground: #def5e8; --down: #b3261e; --down-ground: #fde7e5;
  --drain: #8a5a00; --drain-ground: #fdf0d3; --accent: #2563c9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c; --card: #1b212a; --ink: #e6eaf0; --faint: #97a3b3; --line: #2b333f; --track: #2a323d;
    --up: #57d69a; --up-ground: #14382a; --down: #ff9389; --down-ground: #4a1d1b;
    --drain: #f2c25c; --drain-ground: #41310f; --accent: #79a9ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 76rem; padding: 1.5rem 1.25rem 3rem; background: var(--ground); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; font-variant-numeric: tabular-nums;
}
header { display: flex; justify-content: space-between; align-items: flex-start; gap: 1rem; margin-bottom: 1.25rem; }
h1 { margin: 0; font-size: 1.45rem; letter-spacing: -0.01em; }
h2 { margin: 0; font-size: 1.1rem; }
p { margin: 0.2rem 0 0; color: var(--faint); }
#summary.bad { color: var(--down); font-weight: 600; }
.live { display: inline-flex; align-items: center; gap: 0.45rem; color: var(--faint); font-size: 0.85rem; white-space: nowrap; }
.live::before { content: ""; width: 0.55rem; height: 0.55rem; border-radius: 50%; background: var(--faint); }
.live.on::before { background: var(--up); }
.live.off { color: var(--down); }
.live.off::before { background: var(--down); }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.1rem 1.25rem 0.5rem; margin-bottom: 1.25rem;
}
.title { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.75rem; }
.title span { color: var(--faint); font-size: 0.9rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.75rem; margin: 1rem 0; }
.figure { background: var(--ground); border-radius: 10px; padding: 0.6rem 0.8rem; }
.figure b { display: block; font-size: 1.25rem; font-weight: 650; }
.figure small { color: var(--faint); }
.note { margin: 0 0 0.9rem; padding: 0.55rem 0.8rem; border-radius: 10px; background: var(--drain-ground); color: var(--drain); }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th:nth-child(2) { width: 7.5rem; }
th:last-child { width: 26%; }
th { text-align: left; font-size: 0.8rem; font-weight: 600; color: var(--faint); padding: 0.4rem 0.75rem 0.4rem 0; }
td { padding: 0.65rem 0.75rem 0.65rem 0; border-top: 1px solid var(--line); vertical-align: top; }
td small { display: block; color: var(--faint); font-size: 0.82rem; overflow-wrap: anywhere; }
.state {
  display: inline-flex; align-items: center; gap: 0.35rem; padding: 0.1rem 0.6rem; border-radius: 999px;
  font-size: 0.82rem; font-weight: 650; white-space: nowrap;
}
.state.up { color: var(--up); background: var(--up-ground); }
.state.down { color: var(--down); background: var(--down-ground); }
.state.drain, .state.stopping { color: var(--drain); background: var(--drain-ground); }
.tag { margin-left: 0.4rem; padding: 0 0.4rem; border: 1px solid var(--line); border-radius: 6px; color: var(--faint); font-size: 0.75rem; }
.bar { height: 5px; margin-top: 0.35rem; border-radius: 3px; background: var(--track); overflow: hidden; max-width: 9rem; }
.bar i { display: block; height: 100%; background: var(--accent); border-radius: 3px; transition: width 0.4s; }
footer { color: var(--faint); font-size: 0.85rem; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
footer a { color: var(--accent); }
@media (max-width: 46rem) {
  body { padding: 1rem 0.75rem 2rem; }
  section { padding: 0.9rem 0.9rem 0.25rem; }
  .figures { grid-template-columns: 1fr 1fr; gap: 0.5rem; }
  table, tbody, tr, td { display: block; width: 100%; }
  thead { display: none; }
  tr { border-top: 1px solid var(--line); padding: 0.7rem 0; display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem 0.75rem; }
  td { border: 0; padding: 0; }
  td:first-child, td.check { grid-column: 1 / -1; }
  .figure small { line-height: 1.3; display: inline-block; }
  td[data-label]::before { content: attr(data-label); display: block; color: var(--faint); font-size: 0.75rem; }
}
@media (prefers-reduced-motion: reduce) { .bar i { transition: none; } }
`;
